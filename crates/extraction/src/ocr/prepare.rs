//! Makes an image easier to recognise: straight, and letters of a size that Tesseract was trained on.
//!
//! What was turned is remembered as a [`Skew`], so that a place on the level image can be shown on the
//! image as it was given.

use std::borrow::Cow;

use image::GrayImage;
use serde::{Deserialize, Serialize};

use super::resample::{level_to_width, shrink_to_width};
use super::{Languages, Layout, Raster};
use crate::page::BBox;

/// A receipt's column is brought to this width, on which its letters are about 30 pixels high.
const COLUMN_WIDTH: u32 = 1200;
/// A page is brought between these widths: 150 to 300 dpi of A4.
const PAGE_WIDTH_MIN: u32 = 1240;
const PAGE_WIDTH_MAX: u32 = 2480;
/// The search for the skew: a scanner is off by less, and what is off by more needs another cure.
const SKEW_DEGREES_MAX: f32 = 6.0;
/// Less is left as it is: turning costs sharpness.
const SKEW_DEGREES_MIN: f32 = 0.5;
/// Random specks give 1; three in a hundred receipts give less than this.
const ROW_CONTRAST_MIN: f64 = 1.5;
/// The skew and the rows are measured on a copy of this width.
const SMALL_WIDTH: u32 = 500;

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
pub(super) fn prepare(
    image: &GrayImage,
    skew_degrees: f32,
    layout: Layout,
    languages: Languages,
) -> (Raster, Skew) {
    let radians = if skew_degrees.abs() >= SKEW_DEGREES_MIN { skew_degrees.to_radians() } else { 0.0 };
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

/// A copy to measure on: the lines of its text and the skew show on it as well.
pub(super) fn small(image: &GrayImage) -> Cow<'_, GrayImage> {
    shrink_to_width(image, SMALL_WIDTH)
}

/// How many degrees the lines of text on a [`small`] copy rise from level, positive if they fall to the right.
///
/// Dark pixels are counted along lines of each angle: where the angle is right, text and the gaps
/// between its lines separate, and the counts differ most.
#[expect(clippy::cast_precision_loss, reason = "pixels of a small copy fit a float")]
pub(super) fn skew_degrees(small: &GrayImage) -> f32 {
    let threshold = dark_below(small);
    let dark: Vec<(f32, f32)> = small
        .enumerate_pixels()
        .filter(|(_, _, p)| p.0[0] < threshold)
        .map(|(x, y, _)| (x as f32, y as f32))
        .collect();
    let best = |from: f32, step: f32, count: u16| {
        (0..count)
            .map(|i| from + step * f32::from(i))
            .map(|degrees| (degrees, contrast(&dark, degrees, small)))
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

/// Whether dark pixels of a [`small`] copy gather in rows, as lines of text do. Of specks thrown at random, neighbouring rows
/// have numbers that differ by about their root; between a line of text and the gap below it lies more.
///
/// No is only a suspicion: a dark table under a receipt, or a page on its side, gives it as well.
#[expect(clippy::cast_precision_loss, reason = "pixels of a small copy fit a float")]
pub(super) fn has_rows(small: &GrayImage) -> bool {
    let threshold = dark_below(small);
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

#[cfg(test)]
mod tests {
    use image::Luma;

    use super::super::resample::turn;
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
            let measured = skew_degrees(&small(&lines(degrees)));
            assert!((measured - degrees).abs() < 0.35, "{degrees} was measured as {measured}");
        }
    }

    #[test]
    fn boxes_come_back_to_where_they_were() {
        let (_, skew) = prepare(&lines(3.0), 3.0, Layout::Column, Languages::First);
        let b = skew.undone(BBox { x0: 0.49, y0: 0.49, x1: 0.51, y1: 0.51 });
        assert!(b.x0 < 0.5 && b.x1 > 0.5 && b.y0 < 0.5 && b.y1 > 0.5);
    }
}
