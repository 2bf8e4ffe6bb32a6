//! Levels recognised words: what stands on one printed line gets one height.
//!
//! The skew of an image is measured on its dark pixels, and a table under a receipt is darker than its
//! letters. Words are measured again here: where lines are level their heights gather, a label at the
//! left with its amount at the far right. Words are only moved, never read again.

use crate::page::Word;

/// What is left after the image was turned is small.
const DEGREES_MAX: f32 = 4.0;
const DEGREES_STEP: f32 = 0.1;
/// Below this, lines are told apart anyway.
const DEGREES_MIN: f32 = 0.3;
/// With fewer words, chance decides.
const WORDS_MIN: usize = 12;
/// Heights must gather by this much more than they do as they are.
const GAIN_MIN: f32 = 1.05;

/// Moves the words about the middle of the image so that their lines are level, and tells by what angle
/// in radians they fell to the right. `aspect` is the image's height by its width.
pub(super) fn level(words: &mut [Word], aspect: f32) -> f32 {
    let radians = angle(words, aspect);
    if radians != 0.0 {
        let (sin, cos) = radians.sin_cos();
        for word in words {
            let b = &mut word.bbox;
            let (half_width, half_height) = ((b.x1 - b.x0) / 2.0, (b.y1 - b.y0) / 2.0);
            let (x, y) = ((b.x0 + b.x1) / 2.0 - 0.5, ((b.y0 + b.y1) / 2.0 - 0.5) * aspect);
            let (x, y) = (x * cos + y * sin + 0.5, (y * cos - x * sin) / aspect + 0.5);
            (b.x0, b.x1) = (x - half_width, x + half_width);
            (b.y0, b.y1) = (y - half_height, y + half_height);
        }
    }
    radians
}

fn angle(words: &[Word], aspect: f32) -> f32 {
    let mut heights: Vec<f32> = words.iter().map(|word| (word.bbox.y1 - word.bbox.y0) * aspect).collect();
    heights.sort_by(f32::total_cmp);
    let Some(&height) = heights.get(heights.len() / 2).filter(|height| **height > 0.0) else { return 0.0 };
    if words.len() < WORDS_MIN {
        return 0.0;
    }
    let as_it_is = gathering(words, aspect, height, 0.0);
    let steps = 0..=80_u8;
    let angles = steps.map(|step| (f32::from(step) * DEGREES_STEP - DEGREES_MAX).to_radians());
    let scored = angles.map(|radians| (radians, gathering(words, aspect, height, radians)));
    // Of equally good angles the smallest: turning is the exception.
    let best = scored.max_by(|a, b| a.1.total_cmp(&b.1).then(b.0.abs().total_cmp(&a.0.abs())));
    best.filter(|(radians, score)| radians.abs() >= DEGREES_MIN.to_radians() && *score > as_it_is * GAIN_MIN)
        .map_or(0.0, |(radians, _)| radians)
}

/// How much the words' heights gather in rows a third of a line high, along lines that fall by the angle.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_precision_loss,
    reason = "rows are bounded by the vector that they index, and a page's rows fit a float"
)]
fn gathering(words: &[Word], aspect: f32, height: f32, radians: f32) -> f32 {
    /// More rows than any page has lines, so that a speck's height cannot ask for more.
    const ROWS_MAX: usize = 10_000;
    let slope = radians.tan();
    let row_height = height / 3.0;
    let rows = (((aspect + 2.0) / row_height) as usize).clamp(1, ROWS_MAX);
    let mut counts = vec![0.0_f32; rows + 2];
    for word in words {
        let b = &word.bbox;
        let (x, y) = ((b.x0 + b.x1) / 2.0 - 0.5, (b.y0 + b.y1) / 2.0 * aspect);
        let at = ((y - x * slope + 1.0) / row_height).max(0.0);
        let row = (at as usize).min(rows);
        let part = (at - row as f32).clamp(0.0, 1.0);
        counts[row] += 1.0 - part;
        counts[row + 1] += part;
    }
    counts.iter().map(|count| count * count).sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::page::BBox;

    /// Twelve lines of a receipt, a label at the left and an amount at the right, fallen by an angle.
    fn receipt(degrees: f32, aspect: f32) -> Vec<Word> {
        let slope = degrees.to_radians().tan();
        let lines = (0..12_u8).flat_map(|line| {
            [0.2_f32, 0.32, 0.8].map(|x| {
                let y = 0.2 + f32::from(line) * 0.04 + (x - 0.5) * slope / aspect;
                let bbox = BBox { x0: x - 0.05, y0: y - 0.008, x1: x + 0.05, y1: y + 0.008 };
                Word { text: "word".to_owned(), bbox, confidence: 0.9 }
            })
        });
        lines.collect()
    }

    #[test]
    fn fallen_lines_come_out_level() {
        for degrees in [-2.0, -0.8, 1.2, 3.0] {
            let mut words = receipt(degrees, 1.4);
            let found = level(&mut words, 1.4).to_degrees();
            assert!((found - degrees).abs() < 0.2, "{degrees} was taken for {found}");
            for line in words.chunks(3) {
                let middle = |word: &Word| (word.bbox.y0 + word.bbox.y1) / 2.0;
                assert!((middle(&line[0]) - middle(&line[2])).abs() < 0.003, "{degrees}");
            }
        }
    }

    #[test]
    fn level_lines_and_few_words_stay() {
        for mut words in [receipt(0.0, 1.4), receipt(0.1, 1.4), receipt(2.0, 1.4)[..9].to_vec(), Vec::new()] {
            let before = words.clone();
            assert_eq!(level(&mut words, 1.4), 0.0);
            assert_eq!(words, before);
        }
    }
}
