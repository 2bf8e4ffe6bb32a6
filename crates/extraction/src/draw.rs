//! Pictures of a document's pages, as PNG files that this program has made itself.

use std::io::Cursor;

use docextract_model::failure::{Failure, FailureCode};
use docextract_model::limits;
use image::{DynamicImage, ImageFormat};
use serde::{Deserialize, Serialize};

use crate::formats::detect::Format;
use crate::formats::{image as picture, pdf, tiff_pages};

/// How large a page is drawn. Whatever is asked for, the limits on pixels hold.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub enum Size {
    /// Of a page that has a size on paper; pictures stay as they are.
    Dpi(f32),
    /// Pixels across. A picture that is narrower stays as it is.
    Width(u32),
}

/// Why there is no picture of a page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum NotDrawn {
    NoSuchPage,
    /// The document is of a kind that has no pages that could be drawn.
    NoPages,
    Failed(Failure),
}

impl From<Failure> for NotDrawn {
    fn from(failure: Failure) -> Self {
        Self::Failed(failure)
    }
}

/// Draws one page as a PNG file, in this process: only for bytes that are trusted, or inside the sandbox.
/// The first page is 1.
pub fn draw_page(bytes: &[u8], page: u32, size: Size) -> Result<Vec<u8>, NotDrawn> {
    let format = Format::of(bytes).ok_or(NotDrawn::NoPages)?;
    match format {
        Format::Pdf => pdf::Document::open(bytes, None)?.render_png(page, size).ok_or(NotDrawn::NoSuchPage),
        Format::Tiff => {
            let index = usize::try_from(page).ok().and_then(|page| page.checked_sub(1));
            let directories = tiff_pages::directories(bytes);
            let directory = index.and_then(|index| directories.get(index)).ok_or(NotDrawn::NoSuchPage)?;
            as_png(&tiff_pages::with_first(bytes, *directory), format, size)
        }
        Format::Png | Format::Jpeg | Format::WebP if page == 1 => as_png(bytes, format, size),
        Format::Png | Format::Jpeg | Format::WebP => Err(NotDrawn::NoSuchPage),
        Format::Xml
        | Format::Xlsx
        | Format::Docx
        | Format::Ods
        | Format::Archive
        | Format::Ole
        | Format::Html
        | Format::Mail
        | Format::Csv
        | Format::Text => Err(NotDrawn::NoPages),
    }
}

fn as_png(bytes: &[u8], format: Format, size: Size) -> Result<Vec<u8>, NotDrawn> {
    let mut drawn = picture::decode_upright(bytes, format)?;
    if let Some((width, height)) = smaller(&drawn, size) {
        drawn = drawn.thumbnail_exact(width, height);
    }
    let mut png = Cursor::new(Vec::new());
    let written = DynamicImage::ImageRgba8(drawn.into_rgba8()).write_to(&mut png, ImageFormat::Png);
    written.map_err(|_| Failure::new(FailureCode::DocumentCorrupted))?;
    Ok(png.into_inner())
}

/// What a picture is made smaller to; none when it fits.
fn smaller(picture: &DynamicImage, size: Size) -> Option<(u32, u32)> {
    let Size::Width(wanted) = size else { return None };
    let (width, height) = (picture.width(), picture.height());
    let scaled = |to: u32| {
        let height = u64::from(height) * u64::from(to) / u64::from(width.max(1));
        u32::try_from(height.max(1)).unwrap_or(u32::MAX)
    };
    let mut to = wanted.min(width);
    while to > 1 && u64::from(to) * u64::from(scaled(to)) > limits::PICTURE_PIXELS_MAX {
        to -= to.div_ceil(10);
    }
    (to < width).then(|| (to.max(1), scaled(to.max(1))))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_becomes_as_narrow_as_asked_for_and_never_wider() {
        let of =
            |width, height, wanted| smaller(&DynamicImage::new_luma8(width, height), Size::Width(wanted));
        assert_eq!(of(2_000, 1_000, 500), Some((500, 250)));
        assert_eq!(of(400, 1_000, 500), None);
        assert_eq!(of(3, 3_000, 1), Some((1, 1_000)));
        let (width, height) = of(3_000, 9_000, 3_000).unwrap();
        assert!(u64::from(width) * u64::from(height) <= limits::PICTURE_PIXELS_MAX, "{width} × {height}");
    }
}
