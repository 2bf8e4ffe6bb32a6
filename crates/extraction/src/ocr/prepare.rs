//! Makes an image easier to recognise: straight, and letters of a size that Tesseract was trained on.
//!
//! What was turned is remembered as a [`Skew`], so that a place on the level image can be shown on the
//! image as it was given.

use image::GrayImage;
use image::imageops::FilterType;
use serde::{Deserialize, Serialize};

use super::{Languages, Layout, Raster};
use crate::page::BBox;

/// A receipt's column is brought to this width, on which its letters are about 30 pixels high.
const COLUMN_WIDTH: u32 = 1200;
/// A page is brought between these widths: 150 to 300 dpi of A4.
const PAGE_WIDTH_MIN: u32 = 1240;
const PAGE_WIDTH_MAX: u32 = 2480;
/// What a scale may lead to; a till roll photographed whole is long.
const HEIGHT_MAX: u32 = 12_000;
/// The search for the skew: a scanner is off by less, and what is off by more needs another cure.
const SKEW_DEGREES_MAX: f32 = 6.0;
/// Less is left as it is: turning costs sharpness.
const SKEW_DEGREES_MIN: f32 = 0.5;
/// Random specks give 1; three in a hundred receipts give less than this.
const ROW_CONTRAST_MIN: f64 = 1.5;
/// The skew is measured on a copy of this width.
const SKEW_WIDTH: u32 = 500;

/// By how much an image was turned about its middle to be level.
#[derive(Debug, Clone, Copy, Default, Serialize, Deserialize)]
pub(crate) struct Skew {
    radians: f32,
    /// Height by width.
    aspect: f32,
}

/// Receipts are narrow or small; what is large and shaped like a sheet is a page.
pub(crate) fn layout_of(image: &GrayImage) -> Layout {
    #[expect(clippy::cast_precision_loss, reason = "pixels of a page fit a float")]
    let aspect = image.height() as f32 / image.width().max(1) as f32;
    if image.width() >= PAGE_WIDTH_MIN && (0.6..1.55).contains(&aspect) {
        Layout::Page
    } else {
        Layout::Column
    }
}

/// The image as Tesseract reads it best, and how it was turned for that.
pub(crate) fn prepare(image: &GrayImage, layout: Layout, languages: Languages) -> (Raster, Skew) {
    let measured = skew_degrees(image);
    let radians = if measured.abs() >= SKEW_DEGREES_MIN { measured.to_radians() } else { 0.0 };
    let target_width = match layout {
        Layout::Column => COLUMN_WIDTH,
        Layout::Page => image.width().clamp(PAGE_WIDTH_MIN, PAGE_WIDTH_MAX),
    };
    let straight = level_to_width(image, radians, target_width);
    let (width, height) = straight.dimensions();
    #[expect(clippy::cast_precision_loss, reason = "pixels of a page fit a float")]
    let aspect = height as f32 / width.max(1) as f32;
    // What the widths above mean: 80 mm of paper in a column, 210 mm on a page.
    let dpi = match layout {
        Layout::Column => 300,
        Layout::Page => width * 300 / PAGE_WIDTH_MAX,
    };
    let luma = straight.into_raw();
    (Raster { width, height, luma, dpi, layout, languages }, Skew { radians, aspect })
}

impl Skew {
    pub(crate) fn aspect(self) -> f32 {
        self.aspect
    }

    /// This skew and what was found to be left of it.
    pub(crate) fn and(self, radians: f32) -> Self {
        Self { radians: self.radians + radians, ..self }
    }

    /// The box on the image before it was turned: the bounds of its turned corners.
    pub(crate) fn undone(self, b: BBox) -> BBox {
        if self.radians == 0.0 {
            return b;
        }
        let (sin, cos) = self.radians.sin_cos();
        let corners = [(b.x0, b.y0), (b.x1, b.y0), (b.x0, b.y1), (b.x1, b.y1)].map(|(x, y)| {
            let (x, y) = (x - 0.5, (y - 0.5) * self.aspect);
            (x * cos - y * sin + 0.5, (x * sin + y * cos) / self.aspect + 0.5)
        });
        let start = BBox { x0: 1.0, y0: 1.0, x1: 0.0, y1: 0.0 };
        corners.into_iter().fold(start, |bounds, (x, y)| {
            let (x, y) = (x.clamp(0.0, 1.0), y.clamp(0.0, 1.0));
            bounds.union(BBox { x0: x, y0: y, x1: x, y1: y })
        })
    }
}

/// Shrinks to a width; what is narrower stays as it is.
fn shrink_to_width(image: &GrayImage, width: u32) -> GrayImage {
    if image.width() <= width {
        return image.clone();
    }
    // An area-like filter keeps thin strokes when shrinking.
    image::imageops::resize(image, width, height_at(image, width), FilterType::Triangle)
}

/// The height that keeps the shape at a width.
fn height_at(image: &GrayImage, width: u32) -> u32 {
    let height = u64::from(image.height()) * u64::from(width) / u64::from(image.width().max(1));
    u32::try_from(height).unwrap_or(HEIGHT_MAX).clamp(1, HEIGHT_MAX)
}

/// How many degrees the lines of text rise from level, positive if they fall to the right.
///
/// Dark pixels are counted along lines of each angle: where the angle is right, text and the gaps
/// between its lines separate, and the counts differ most.
#[expect(clippy::cast_precision_loss, reason = "pixels of a small copy fit a float")]
fn skew_degrees(image: &GrayImage) -> f32 {
    let small = shrink_to_width(image, SKEW_WIDTH);
    let threshold = dark_below(&small);
    let dark: Vec<(f32, f32)> = small
        .enumerate_pixels()
        .filter(|(_, _, p)| p.0[0] < threshold)
        .map(|(x, y, _)| (x as f32, y as f32))
        .collect();
    let best = |from: f32, step: f32, count: u16| {
        (0..count)
            .map(|i| from + step * f32::from(i))
            .map(|degrees| (degrees, contrast(&dark, degrees, &small)))
            .max_by(|a, b| a.1.total_cmp(&b.1))
            .map_or(0.0, |(degrees, _)| degrees)
    };
    let coarse = best(-SKEW_DEGREES_MAX, 0.5, 25);
    best(coarse - 0.5, 0.1, 11)
}

/// What is darker than this stands out from the paper.
fn dark_below(image: &GrayImage) -> u8 {
    let pixels = u64::from(image.width()) * u64::from(image.height());
    let mean = image.pixels().map(|p| u64::from(p.0[0])).sum::<u64>() / pixels.max(1);
    u8::try_from(mean * 4 / 5).unwrap_or(128)
}

/// Whether dark pixels gather in rows, as lines of text do. Of specks thrown at random, neighbouring rows
/// have numbers that differ by about their root; between a line of text and the gap below it lies more.
///
/// No is only a suspicion: a dark table under a receipt, or a page on its side, gives it as well.
#[expect(clippy::cast_precision_loss, reason = "pixels of a small copy fit a float")]
pub(crate) fn has_rows(image: &GrayImage) -> bool {
    let small = shrink_to_width(image, SKEW_WIDTH);
    let threshold = dark_below(&small);
    let rows: Vec<f64> =
        small.rows().map(|row| row.filter(|pixel| pixel.0[0] < threshold).count() as f64).collect();
    let mean = rows.iter().sum::<f64>() / rows.len().max(1) as f64;
    let difference: f64 = rows.windows(2).map(|pair| (pair[1] - pair[0]).powi(2)).sum();
    difference / rows.len().max(1) as f64 >= 2.0 * ROW_CONTRAST_MIN * mean && mean > 0.0
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_precision_loss,
    reason = "the row is moved to be positive, and a small copy's pixels fit a float"
)]
fn contrast(dark: &[(f32, f32)], degrees: f32, image: &GrayImage) -> f64 {
    let slope = degrees.to_radians().tan();
    let margin = (image.width() as f32 * slope.abs()).ceil() + 1.0;
    let mut rows = vec![0f64; image.height() as usize + 2 * margin as usize + 2];
    for (x, y) in dark {
        let row = (y - x * slope + margin) as usize;
        if let Some(count) = rows.get_mut(row) {
            *count += 1.0;
        }
    }
    rows.windows(2).map(|pair| (pair[1] - pair[0]).powi(2)).sum()
}

/// The image made level and brought to a width in one pass, about its middle.
///
/// Each new pixel is made once, from the given ones: scaling first and turning then would blur letters twice.
#[expect(clippy::cast_precision_loss, reason = "pixels of a page fit a float")]
fn level_to_width(image: &GrayImage, radians: f32, width: u32) -> GrayImage {
    // What shrinks is averaged first: taking samples alone would skip thin strokes.
    let image = &shrink_to_width(image, width);
    if radians == 0.0 && width == image.width() {
        return image.clone();
    }
    let (step, size) = (image.width() as f32 / width as f32, (width, height_at(image, width)));
    if radians == 0.0 { scale(image, step, size) } else { turn(image, radians, step, size) }
}

/// The cubic B-spline: it smooths, so that noise around the letters of a JPEG and the dots of a till's printer make
/// even strokes.
fn spline(distance: f32) -> f32 {
    let x = distance.abs();
    if x < 1.0 {
        (3.0 * x * x * x - 6.0 * x * x + 4.0) / 6.0
    } else if x < 2.0 {
        (2.0 - x).powi(3) / 6.0
    } else {
        0.0
    }
}

/// What the four pixels around a point count, for a point this far from the second of them.
fn weights(fraction: f32) -> [f32; 4] {
    [spline(1.0 + fraction), spline(fraction), spline(1.0 - fraction), spline(2.0 - fraction)]
}

/// The pixels around a place: the second of the four, and how far beyond it the place is, from 0 to 1.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    reason = "coordinates are held within the image"
)]
fn around(place: f32) -> (i32, f32) {
    // One more, so that cutting off rounds down: the library's floor is a call for each pixel.
    let second = (place + 1.0) as i32 - 1;
    (second, place - second as f32)
}

/// Pixels beside a row on either side, the same as its first and its last.
const PADDING: usize = 2;

/// Enlarges an image, each new pixel `step` given ones wide: first along the rows, then across them.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_possible_wrap,
    clippy::cast_sign_loss,
    clippy::cast_precision_loss,
    reason = "coordinates are held within the image before they are used"
)]
fn scale(image: &GrayImage, step: f32, size: (u32, u32)) -> GrayImage {
    let (width, last_row) = (image.width() as usize, image.height() as i32 - 1);
    // Where on the given image the middle of a new pixel lies.
    let from = |new: u32, count: u32, given: u32| {
        let place = (new as f32 + 0.5 - count as f32 / 2.0) * step + given as f32 / 2.0 - 0.5;
        around(place.clamp(-1.0, given as f32))
    };
    let columns: Vec<(usize, [f32; 4])> = (0..size.0)
        .map(|x| from(x, size.0, image.width()))
        .map(|(second, fraction)| ((second + PADDING as i32 - 1) as usize, weights(fraction)))
        .collect();
    let mut padded = vec![0.0; width + 2 * PADDING];
    let mut along = |row: i32, out: &mut Vec<f32>| {
        let start = row.clamp(0, last_row) as usize * width;
        let given = &image.as_raw()[start..start + width];
        padded[PADDING..].iter_mut().zip(given).for_each(|(wide, pixel)| *wide = f32::from(*pixel));
        let (first, last) = (padded[PADDING], padded[width + PADDING - 1]);
        padded[..PADDING].fill(first);
        padded[width + PADDING..].fill(last);
        out.clear();
        out.extend(columns.iter().map(|(start, [a, b, c, d])| {
            let four = &padded[*start..][..4];
            a * four[0] + b * four[1] + c * four[2] + d * four[3]
        }));
    };
    // The four rows around a new one, already scaled along; those that it shares with the one before are kept.
    let mut four: [Vec<f32>; 4] = Default::default();
    let mut top = i32::MIN;
    let mut scaled = GrayImage::new(size.0, size.1);
    for (y, line) in (0..).zip(scaled.chunks_exact_mut(size.0.max(1) as usize)) {
        let (second, fraction) = from(y, size.1, image.height());
        let known = (second - 1).saturating_sub(top).clamp(0, 4) as usize;
        four.rotate_left(known % 4);
        top = second - 1;
        for (row, out) in (top..).zip(&mut four).skip(4 - known) {
            along(row, out);
        }
        let [wa, wb, wc, wd] = weights(fraction);
        let [a, b, c, d] = &four;
        for ((((pixel, a), b), c), d) in line.iter_mut().zip(a).zip(b).zip(c).zip(d) {
            *pixel = (wa * a + wb * b + wc * c + wd * d + 0.5).clamp(0.0, 255.0) as u8;
        }
    }
    scaled
}

/// Weights are looked up for so many places between two pixels: to compute them for each new pixel costs more than
/// to use them.
const PLACES: usize = 1024;

/// Turns the image by the angle about its middle, so that lines which fall by it come out level. A new
/// pixel is `step` given ones wide; what lies beyond the edge is white, as paper is.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_possible_wrap,
    clippy::cast_sign_loss,
    clippy::cast_precision_loss,
    reason = "coordinates are held within the image before they are used"
)]
fn turn(image: &GrayImage, radians: f32, step: f32, size: (u32, u32)) -> GrayImage {
    let (sin, cos) = radians.sin_cos();
    let (width, height) = (image.width() as f32, image.height() as f32);
    let (pixels, stride) = (image.as_raw(), image.width() as usize);
    let (last_x, last_y) = (image.width() as i32 - 1, image.height() as i32 - 1);
    let known: Vec<[f32; 4]> = (0..=PLACES).map(|place| weights(place as f32 / PLACES as f32)).collect();
    let weights = |fraction: f32| known[(fraction * PLACES as f32 + 0.5) as usize];
    let mut level = GrayImage::new(size.0, size.1);
    for (y, line) in level.chunks_exact_mut(size.0.max(1) as usize).enumerate() {
        let dy = (y as f32 + 0.5 - size.1 as f32 / 2.0) * step;
        for (x, pixel) in line.iter_mut().enumerate() {
            let dx = (x as f32 + 0.5 - size.0 as f32 / 2.0) * step;
            let from_x = dx * cos - dy * sin + width / 2.0 - 0.5;
            let from_y = dx * sin + dy * cos + height / 2.0 - 0.5;
            if from_x < -0.5 || from_y < -0.5 || from_x > width - 0.5 || from_y > height - 0.5 {
                *pixel = 255;
                continue;
            }
            let ((second_x, across), (second_y, down)) = (around(from_x), around(from_y));
            let (left, top, across) = (second_x - 1, second_y - 1, weights(across));
            let is_inside = left >= 0 && top >= 0 && left + 3 <= last_x && top + 3 <= last_y;
            let mut sum = 0.0;
            for (row, of_row) in (top..).zip(weights(down)) {
                let start = row.clamp(0, last_y) as usize * stride;
                let along: f32 = if is_inside {
                    let four = &pixels[start + left as usize..][..4];
                    four.iter().zip(across).map(|(pixel, weight)| weight * f32::from(*pixel)).sum()
                } else {
                    let at = |column: i32| pixels[start + column.clamp(0, last_x) as usize];
                    (left..).zip(across).map(|(column, weight)| weight * f32::from(at(column))).sum()
                };
                sum += of_row * along;
            }
            *pixel = (sum + 0.5).clamp(0.0, 255.0) as u8;
        }
    }
    level
}

#[cfg(test)]
mod tests {
    use image::Luma;

    use super::*;

    /// Level bars like lines of text, turned by the given angle.
    fn lines(degrees: f32) -> GrayImage {
        let level = GrayImage::from_fn(600, 800, |x, y| {
            Luma([if (60..540).contains(&x) && y % 40 < 12 { 20 } else { 240 }])
        });
        turn(&level, -degrees.to_radians(), 1.0, level.dimensions())
    }

    #[test]
    fn a_skew_is_measured_and_undone() {
        for degrees in [-3.0f32, 0.0, 1.5, 4.0] {
            let measured = skew_degrees(&lines(degrees));
            assert!((measured - degrees).abs() < 0.35, "{degrees} was measured as {measured}");
        }
    }

    #[test]
    fn what_is_only_moved_by_whole_pixels_keeps_its_grey() {
        let even = GrayImage::from_pixel(40, 30, Luma([130]));
        assert!(turn(&even, 0.1, 0.5, (80, 60)).pixels().all(|p| p.0[0] == 130 || p.0[0] == 255));
        assert!(scale(&even, 0.5, (80, 60)).pixels().all(|p| p.0[0] == 130));
        let ramp = GrayImage::from_fn(40, 30, |x, y| Luma([u8::try_from(3 * x + 2 * y).unwrap()]));
        let twice = scale(&ramp, 0.5, (80, 60));
        assert_eq!(turn(&ramp, 0.0, 0.5, (80, 60)), twice, "two ways to the same image");
        // A cubic keeps what is straight: a new pixel lies a quarter of a given one from it.
        for (x, y, pixel) in
            twice.enumerate_pixels().filter(|(x, y, _)| (4..76).contains(x) && (4..56).contains(y))
        {
            let at = |new: u32| (f64::from(new) + 0.5) / 2.0 - 0.5;
            let expected = 3.0 * at(x) + 2.0 * at(y);
            assert!(
                (f64::from(pixel.0[0]) - expected).abs() <= 0.6,
                "{x} {y}: {} for {expected}",
                pixel.0[0]
            );
        }
    }

    #[test]
    fn boxes_come_back_to_where_they_were() {
        let (_, skew) = prepare(&lines(3.0), Layout::Column, Languages::First);
        let b = skew.undone(BBox { x0: 0.49, y0: 0.49, x1: 0.51, y1: 0.51 });
        assert!(b.x0 < 0.5 && b.x1 > 0.5 && b.y0 < 0.5 && b.y1 > 0.5);
    }
}
