//! Images: decoded to grey, upright, within the limit on pixels.
//!
//! The size is read from the header and checked before anything is decoded. EXIF orientation is
//! applied, so that a page is as a person sees it.

use std::io::Cursor;

use docextract_model::failure::{Failure, FailureCode};
use docextract_model::limits;
use image::{DynamicImage, GrayImage, ImageDecoder, ImageError, ImageFormat, ImageReader};

use super::detect::Format;

/// Decodes an image of the given format to grey.
pub(crate) fn decode(bytes: &[u8], format: Format) -> Result<GrayImage, Failure> {
    Ok(on_white(decode_upright(bytes, format)?))
}

/// Decodes an image of the given format as it is, and turns it upright.
pub(crate) fn decode_upright(bytes: &[u8], format: Format) -> Result<DynamicImage, Failure> {
    let format = match format {
        Format::Png => ImageFormat::Png,
        Format::Jpeg => ImageFormat::Jpeg,
        Format::Tiff => ImageFormat::Tiff,
        Format::WebP => ImageFormat::WebP,
        Format::Pdf
        | Format::Xml
        | Format::Xlsx
        | Format::Docx
        | Format::Ods
        | Format::Archive
        | Format::Ole
        | Format::Html
        | Format::Mail
        | Format::Csv
        | Format::Text => {
            return Err(Failure::new(FailureCode::UnsupportedFormat));
        }
    };
    let mut decoder =
        ImageReader::with_format(Cursor::new(bytes), format).into_decoder().map_err(|e| failure(&e))?;
    let (width, height) = decoder.dimensions();
    if u64::from(width) * u64::from(height) > limits::PAGE_PIXELS_MAX {
        return Err(Failure::with_detail(
            FailureCode::DocumentTooLarge,
            &format!(
                "The image has {width} × {height} pixels; the limit is {} million.",
                limits::PAGE_PIXELS_MAX / 1_000_000
            ),
        ));
    }
    // A damaged orientation tag is no reason to refuse the picture.
    let orientation = decoder.orientation().ok();
    let mut image = DynamicImage::from_decoder(decoder).map_err(|e| failure(&e))?;
    if let Some(orientation) = orientation {
        image.apply_orientation(orientation);
    }
    Ok(image)
}

/// Transparent pixels are white, as on paper: `to_luma8` alone would show their hidden colour.
fn on_white(image: DynamicImage) -> GrayImage {
    if !image.color().has_alpha() {
        return image.into_luma8();
    }
    let with_alpha = image.into_luma_alpha8();
    let (width, height) = with_alpha.dimensions();
    GrayImage::from_fn(width, height, |x, y| {
        let [luma, alpha] = with_alpha.get_pixel(x, y).0;
        let (luma, alpha) = (u32::from(luma), u32::from(alpha));
        let mixed = (luma * alpha + 255 * (255 - alpha) + 127) / 255;
        image::Luma([u8::try_from(mixed).unwrap_or(u8::MAX)])
    })
}

fn failure(error: &ImageError) -> Failure {
    match error {
        ImageError::Limits(_) => Failure::with_detail(
            FailureCode::DocumentTooLarge,
            "Decoding the image would need more memory than one document may use.",
        ),
        ImageError::Unsupported(_) => Failure::with_detail(
            FailureCode::UnsupportedFormat,
            "The image uses a variant of its format that is not known.",
        ),
        ImageError::Decoding(_)
        | ImageError::Encoding(_)
        | ImageError::Parameter(_)
        | ImageError::IoError(_) => Failure::new(FailureCode::DocumentCorrupted),
    }
}
