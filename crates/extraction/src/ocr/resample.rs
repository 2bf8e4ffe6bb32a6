//! Brings an image to another size, and turns it: shrinking by averages, enlarging and turning by a spline.
//!
//! Both directions are done one after the other, and rows as a whole: a scan has millions of pixels, and what is
//! done for each one of them counts.

use std::borrow::Cow;

use image::GrayImage;

/// What a scale may lead to; a till roll photographed whole is long.
const HEIGHT_MAX: u32 = 12_000;

/// Shrinks to a width; what is narrower stays as it is.
pub(super) fn shrink_to_width(image: &GrayImage, width: u32) -> Cow<'_, GrayImage> {
    if image.width() <= width {
        return Cow::Borrowed(image);
    }
    Cow::Owned(shrink(image, (width, height_at(image, width))))
}

/// Which of the given pixels make a new one, from the first of them on, and what each counts.
struct Share {
    first: usize,
    weights: Vec<f32>,
}

/// The shares of all new pixels in a direction: each given pixel counts the less the further it is from the new one,
/// up to a new pixel's width, so that thin strokes stay.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_precision_loss,
    reason = "coordinates are held within the image, whose pixels fit a float"
)]
fn shares(given: u32, new: u32) -> impl Iterator<Item = Share> {
    let step = given as f32 / new as f32;
    let reach = step.max(1.0);
    (0..new).map(move |at| {
        let middle = (at as f32 + 0.5) * step;
        let first = ((middle - reach).floor().max(0.0) as u32).min(given - 1);
        let end = ((middle + reach).ceil() as u32).clamp(first + 1, given);
        let weight = |pixel: u32| (1.0 - ((pixel as f32 - (middle - 0.5)) / reach).abs()).max(0.0);
        let sum: f32 = (first..end).map(weight).sum();
        Share { first: first as usize, weights: (first..end).map(|pixel| weight(pixel) / sum).collect() }
    })
}

/// Shrinks an image: first across the rows, then along them.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a mean of pixels lies between them"
)]
fn shrink(image: &GrayImage, size: (u32, u32)) -> GrayImage {
    let mut small = GrayImage::new(size.0, size.1);
    if image.is_empty() || small.is_empty() {
        return small;
    }
    let (width, pixels) = (image.width() as usize, image.as_raw());
    let columns: Vec<Share> = shares(image.width(), size.0).collect();
    let mut row = vec![0.0; width];
    for (share, line) in shares(image.height(), size.1).zip(small.chunks_exact_mut(size.0 as usize)) {
        row.fill(0.0);
        for (weight, given) in share.weights.iter().zip(pixels[share.first * width..].chunks_exact(width)) {
            row.iter_mut().zip(given).for_each(|(sum, pixel)| *sum += weight * f32::from(*pixel));
        }
        for (pixel, Share { first, weights }) in line.iter_mut().zip(&columns) {
            let sum: f32 = row[*first..].iter().zip(weights).map(|(grey, weight)| grey * weight).sum();
            *pixel = (sum + 0.5) as u8;
        }
    }
    small
}

/// The height that keeps the shape at a width.
fn height_at(image: &GrayImage, width: u32) -> u32 {
    let height = u64::from(image.height()) * u64::from(width) / u64::from(image.width().max(1));
    u32::try_from(height).unwrap_or(HEIGHT_MAX).clamp(1, HEIGHT_MAX)
}

/// The image made level and brought to a width in one pass, about its middle.
///
/// Each new pixel is made once, from the given ones: scaling first and turning then would blur letters twice.
#[expect(clippy::cast_precision_loss, reason = "pixels of a page fit a float")]
pub(super) fn level_to_width(image: &GrayImage, radians: f32, width: u32) -> GrayImage {
    // What shrinks is averaged first: taking samples alone would skip thin strokes.
    let image = shrink_to_width(image, width);
    if radians == 0.0 && width == image.width() {
        return image.into_owned();
    }
    let (step, size) = (image.width() as f32 / width as f32, (width, height_at(&image, width)));
    if radians == 0.0 { scale(&image, step, size) } else { turn(&image, radians, step, size) }
}

/// What the four pixels around a point count, for a point this far from the second of them: the cubic B-spline. It
/// smooths, so that noise around the letters of a JPEG and the dots of a till's printer make even strokes.
fn weights(fraction: f32) -> [f32; 4] {
    let (x, rest) = (fraction, 1.0 - fraction);
    let (first, last) = (rest * rest * rest / 6.0, x * x * x / 6.0);
    let second = (3.0 * x - 6.0) * x * x / 6.0 + 4.0 / 6.0;
    [first, second, 1.0 - first - second - last, last]
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
/// As paper is.
const WHITE: f32 = 255.0;

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
        pad(&mut padded);
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

/// Turns the image by the angle about its middle, so that lines which fall by it come out level. A new
/// pixel is `step` given ones wide; what lies beyond the edge is white, as paper is.
///
/// A new row is a slanting line on the given image. First its grey is found where it crosses the given columns, then
/// between these, along it: as little as a page is askew, that is what the sixteen pixels around a place would give,
/// for half the work.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_possible_wrap,
    clippy::cast_sign_loss,
    clippy::cast_precision_loss,
    reason = "coordinates are held within the image before they are used"
)]
pub(super) fn turn(image: &GrayImage, radians: f32, step: f32, size: (u32, u32)) -> GrayImage {
    let ((sin, cos), slope) = (radians.sin_cos(), radians.tan());
    let (width, height) = (image.width() as f32, image.height() as f32);
    let mut along = vec![WHITE; image.width() as usize + 2 * PADDING];
    let mut level = GrayImage::new(size.0, size.1);
    for (y, line) in level.chunks_exact_mut(size.0.max(1) as usize).enumerate() {
        let dy = (y as f32 + 0.5 - size.1 as f32 / 2.0) * step;
        // Where the line crosses the first column, and where the first new pixel lies.
        let from_y = (0.5 - width / 2.0 + dy * sin) * slope + dy * cos + height / 2.0 - 0.5;
        let from_x = (0.5 - size.0 as f32 / 2.0) * step * cos - dy * sin + width / 2.0 - 0.5;
        crossings(image, from_y, slope, &mut along[PADDING..]);
        pad(&mut along);
        for (x, pixel) in line.iter_mut().enumerate() {
            let place = from_x + x as f32 * (step * cos);
            if place < -0.5 || place > width - 0.5 {
                *pixel = 255;
                continue;
            }
            let (second, fraction) = around(place);
            let [a, b, c, d] = weights(fraction);
            let four = &along[(second + PADDING as i32 - 1) as usize..][..4];
            *pixel = (a * four[0] + b * four[1] + c * four[2] + d * four[3] + 0.5) as u8;
        }
    }
    level
}

/// The grey of each column where a line crosses it that starts at this height and falls by the slope, from the four
/// pixels around the place, above and below.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_precision_loss,
    reason = "coordinates are held within the image before they are used"
)]
fn crossings(image: &GrayImage, from_y: f32, slope: f32, along: &mut [f32]) {
    let (columns, rows) = (image.width() as usize, image.height() as i32);
    let row = |row: i32| &image.as_raw()[row.clamp(0, rows - 1) as usize * columns..][..columns];
    let mut start = 0;
    while start < columns {
        let place = from_y + start as f32 * slope;
        let second = place.clamp(-2.0, rows as f32).floor();
        // All columns that it crosses between the same two rows.
        let leaves = if slope > 0.0 { second + 1.0 } else { second };
        let end = (((leaves - from_y) / slope).ceil().max(0.0) as usize).clamp(start + 1, columns);
        let out = &mut along[start..end];
        if second < -1.0 || second >= rows as f32 {
            out.fill(WHITE);
        } else {
            let [a, b, c, d] = [-1, 0, 1, 2].map(|off| &row(second as i32 + off)[start..end]);
            for (((((at, grey), a), b), c), d) in (0_i32..).zip(out).zip(a).zip(b).zip(c).zip(d) {
                let [wa, wb, wc, wd] = weights(place - second + at as f32 * slope);
                *grey = wa * f32::from(*a) + wb * f32::from(*b) + wc * f32::from(*c) + wd * f32::from(*d);
            }
        }
        start = end;
    }
}

/// Fills what is beside a row.
fn pad(row: &mut [f32]) {
    let end = row.len() - PADDING;
    let (first, last) = (row[PADDING], row[end - 1]);
    row[..PADDING].fill(first);
    row[end..].fill(last);
}

#[cfg(test)]
mod tests {
    use image::Luma;
    use image::imageops::FilterType;

    use super::*;

    fn differ_by(a: &GrayImage, b: &GrayImage) -> u8 {
        assert_eq!(a.dimensions(), b.dimensions());
        a.pixels().zip(b.pixels()).map(|(a, b)| a.0[0].abs_diff(b.0[0])).max().unwrap_or(0)
    }

    /// Greys in waves, a few pixels long.
    fn waves(width: u32, height: u32) -> GrayImage {
        GrayImage::from_fn(width, height, |x, y| {
            let wave = (x as f32 * 0.7).sin() + (y as f32 * 0.5).sin();
            Luma([(127.0 + 60.0 * wave) as u8])
        })
    }

    #[test]
    fn what_shrinks_is_the_same_as_by_the_library() {
        for (given, new) in [((1080, 1527), (500, 706)), ((501, 30), (500, 29)), ((700, 900), (3, 1))] {
            let image = waves(given.0, given.1);
            let theirs = image::imageops::resize(&image, new.0, new.1, FilterType::Triangle);
            assert!(differ_by(&shrink(&image, new), &theirs) <= 1, "{given:?} to {new:?}");
        }
        let image = waves(300, 20);
        assert!(matches!(shrink_to_width(&image, 300), Cow::Borrowed(_)), "what is narrow stays");
        assert_eq!(shrink_to_width(&GrayImage::new(600, 0), 500).width(), 500);
    }

    #[test]
    fn an_even_grey_stays_and_so_does_what_is_straight() {
        let even = GrayImage::from_pixel(40, 30, Luma([130]));
        let turned = turn(&even, 0.1, 0.5, (80, 60));
        assert!(turned.pixels().all(|p| p.0[0] >= 130), "beyond the edge it turns white, nowhere darker");
        assert!((10..70).all(|x| turned.get_pixel(x, 30).0[0] == 130));
        assert!(scale(&even, 0.5, (80, 60)).pixels().all(|p| p.0[0] == 130));
        let ramp = GrayImage::from_fn(40, 30, |x, y| Luma([u8::try_from(3 * x + 2 * y).unwrap()]));
        let twice = scale(&ramp, 0.5, (80, 60));
        assert!(differ_by(&turn(&ramp, 0.0, 0.5, (80, 60)), &twice) <= 1, "two ways to the same image");
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
    fn what_is_turned_is_what_the_pixels_around_each_place_give() {
        let image = waves(90, 120);
        for degrees in [-6.0_f32, -0.7, 0.5, 4.0] {
            let (sin, cos) = degrees.to_radians().sin_cos();
            let turned = turn(&image, degrees.to_radians(), 0.75, (120, 160));
            let mut compared = 0;
            for (x, y, pixel) in turned.enumerate_pixels() {
                let (dx, dy) = ((x as f32 - 59.5) * 0.75, (y as f32 - 79.5) * 0.75);
                let (from_x, from_y) = (dx * cos - dy * sin + 44.5, dx * sin + dy * cos + 59.5);
                if !(2.0..87.0).contains(&from_x) || !(2.0..117.0).contains(&from_y) {
                    continue;
                }
                let ((left, across), (top, down)) = (around(from_x), around(from_y));
                let row = |row: i32| -> f32 {
                    let at = |x: i32| f32::from(image.get_pixel(x as u32, row as u32).0[0]);
                    (left - 1..).zip(weights(across)).map(|(x, weight)| weight * at(x)).sum()
                };
                let around: f32 = (top - 1..).zip(weights(down)).map(|(y, weight)| weight * row(y)).sum();
                assert!((f32::from(pixel.0[0]) - around).abs() < 6.0, "{degrees} {x} {y}: {around}");
                compared += 1;
            }
            assert!(compared > 10_000, "{compared}");
        }
    }

    #[test]
    fn what_lies_beyond_the_edge_is_white() {
        let black = GrayImage::from_pixel(100, 60, Luma([0]));
        for degrees in [-5.0_f32, 5.0] {
            let turned = turn(&black, degrees.to_radians(), 1.0, (100, 60));
            let corners = [(0, 0), (99, 0), (0, 59), (99, 59)].map(|(x, y)| turned.get_pixel(x, y).0[0]);
            assert_eq!(corners.iter().filter(|grey| **grey == 255).count(), 4, "{degrees}: {corners:?}");
            assert_eq!(turned.get_pixel(50, 30).0[0], 0);
        }
    }
}
