//! Evens the light of a photograph out: paper comes out white, in a shadow as well as beside it.
//!
//! The recogniser parts ink from paper by one grey for the whole image. A hand, a lamp or a dark table under the
//! sheet makes paper in one corner darker than ink in another, and what stands there is lost. How light the paper
//! is around a place is told by the lightest that stands near it; each pixel is then what it is of that. A scan
//! whose paper is evenly lit is left as it is: most are, and a bar with white letters is not to become paper.

use image::GrayImage;

/// Blocks across a [`small`](super::prepare::small) copy, in each of which the paper's grey is measured.
const BLOCKS_ACROSS: usize = 42;
/// Of a block's pixels, ink and specks of glare apart, this share is no lighter than its paper.
const PAPER_SHARE: f32 = 0.85;
/// Paper is looked for in so many blocks on either side: what is dark and smaller than that is print, not shadow.
const NEAR: usize = 3;
/// Light is even enough where its dark parts have at least this share of its light parts' grey.
const EVEN: f32 = 0.4;
/// Darker than this is nothing that anybody wrote on: the lid of a scanner, the edge of a photograph.
const PAPER_MIN: f32 = 60.0;

/// How light the paper is, in blocks of the image, rows from the top.
pub(super) struct Light {
    across: usize,
    down: usize,
    paper: Vec<f32>,
}

impl Light {
    /// The light on an image by its small copy, where it is uneven.
    pub(super) fn uneven(small: &GrayImage) -> Option<Self> {
        let (width, height) = (small.width() as usize, small.height() as usize);
        let side = width.div_ceil(BLOCKS_ACROSS).max(1);
        let (across, down) = (width.div_ceil(side), height.div_ceil(side));
        if across == 0 || down == 0 {
            return None;
        }
        let block = |index: usize| paper_of(small, index % across * side, index / across * side, side);
        let measured: Vec<f32> = (0..across * down).map(block).collect();
        let lightest = |greys: &[f32]| greys.iter().copied().fold(0.0, f32::max);
        let mean = |greys: &[f32]| greys.iter().sum::<f32>() / small_count(greys.len());
        let light = Self { across, down, paper: measured }.around(NEAR, lightest).around(1, mean);
        let mut greys = light.paper.clone();
        greys.sort_by(f32::total_cmp);
        let (dark, bright) = (greys[greys.len() / 10], greys[greys.len() * 9 / 10]);
        (dark < EVEN * bright).then_some(light)
    }

    /// Each block as what is made of those around it: rows first, then columns.
    fn around(self, reach: usize, of: impl Fn(&[f32]) -> f32) -> Self {
        let Self { across, down, paper } = self;
        let along = |greys: &[f32]| -> Vec<f32> {
            let near = |at: usize| at.saturating_sub(reach)..(at + reach + 1).min(greys.len());
            (0..greys.len()).map(|at| of(&greys[near(at)])).collect()
        };
        let rows: Vec<f32> = paper.chunks_exact(across).flat_map(along).collect();
        let mut done = vec![0.0; rows.len()];
        for column in 0..across {
            let greys: Vec<f32> = rows.iter().skip(column).step_by(across).copied().collect();
            for (row, grey) in along(&greys).into_iter().enumerate() {
                done[row * across + column] = grey;
            }
        }
        Self { across, down, paper: done }
    }

    /// The image as it would be in even light.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        clippy::cast_precision_loss,
        reason = "places are held within the blocks, and a grey is cut off at white"
    )]
    pub(super) fn evened(&self, image: &GrayImage) -> GrayImage {
        let (width, height) = image.dimensions();
        // A place between the middles of two blocks: the first of them, and how far it is from it.
        let between = |pixel: u32, pixels: u32, blocks: usize| -> (usize, usize, f32) {
            let place = ((pixel as f32 + 0.5) / pixels as f32 * blocks as f32 - 0.5).max(0.0);
            let first = (place as usize).min(blocks - 1);
            (first, (first + 1).min(blocks - 1), place - first as f32)
        };
        let columns: Vec<(usize, usize, f32)> = (0..width).map(|x| between(x, width, self.across)).collect();
        let mut even = image.clone();
        for (y, line) in even.chunks_exact_mut((width as usize).max(1)).enumerate() {
            let (above, below, down) = between(y as u32, height, self.down);
            let row: Vec<f32> = (0..self.across)
                .map(|column| {
                    let [above, below] = [above, below].map(|row| self.paper[row * self.across + column]);
                    255.0 / (above + (below - above) * down).max(PAPER_MIN)
                })
                .collect();
            for (pixel, (left, right, share)) in line.iter_mut().zip(&columns) {
                let gain = row[*left] + (row[*right] - row[*left]) * share;
                *pixel = (f32::from(*pixel) * gain + 0.5).min(255.0) as u8;
            }
        }
        even
    }
}

/// The paper's grey in a square of an image.
fn paper_of(image: &GrayImage, left: usize, top: usize, side: usize) -> f32 {
    let width = image.width() as usize;
    let right = (left + side).min(width);
    let rows = image.as_raw().chunks_exact(width).skip(top).take(side);
    let mut greys: Vec<u8> = rows.flat_map(|row| &row[left..right]).copied().collect();
    let last = greys.len().saturating_sub(1);
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a share of a small count")]
    let at = (small_count(last) * PAPER_SHARE) as usize;
    if greys.is_empty() { 0.0 } else { f32::from(*greys.select_nth_unstable(at).1) }
}

#[expect(clippy::cast_precision_loss, reason = "so many blocks and pixels of a block fit a float")]
fn small_count(count: usize) -> f32 {
    count as f32
}

#[cfg(test)]
mod tests {
    use image::Luma;

    use super::*;

    /// Paper with a line of ink in every tenth row, under a light.
    fn sheet(light: impl Fn(u32, u32) -> f32) -> GrayImage {
        GrayImage::from_fn(400, 560, |x, y| {
            let ink = y % 10 < 2 && x % 7 < 4;
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a share of a grey")]
            let grey = (light(x, y) * if ink { 60.0 } else { 240.0 }) as u8;
            Luma([grey])
        })
    }

    #[test]
    fn paper_in_a_shadow_comes_out_as_light_as_beside_it() {
        // Ink in the light is lighter than paper in the shadow.
        #[expect(clippy::cast_precision_loss, reason = "pixels of a small image fit a float")]
        let shadow =
            |x: u32, y: u32| if x + y < 450 { 1.0 } else { (1.0 - (x + y - 450) as f32 / 60.0).max(0.22) };
        let given = sheet(shadow);
        let even = Light::uneven(&given).unwrap().evened(&given);
        let (paper, ink) = (even.get_pixel(380, 545).0[0], even.get_pixel(378, 540).0[0]);
        assert!(paper > 200 && ink < 100, "{paper} {ink}");
        let (paper, ink) = (even.get_pixel(5, 5).0[0], even.get_pixel(1, 1).0[0]);
        assert!(paper > 200 && ink < 100, "{paper} {ink}");
    }

    #[test]
    fn a_scan_and_a_bar_on_it_stay() {
        assert!(Light::uneven(&sheet(|_, _| 1.0)).is_none());
        assert!(Light::uneven(&sheet(|_, y| if (100..130).contains(&y) { 0.2 } else { 1.0 })).is_none());
    }
}
