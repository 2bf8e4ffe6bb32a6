//! The pages of a TIFF file. A decoder reads only the first, so each other page is put first in turn.
//!
//! A TIFF is a chain of directories, one a page, and the header says where the first stands. Only the
//! classic format is walked; a chain that is damaged ends where the damage begins.

/// A chain that never ends stops here; far above every limit on pages.
const PAGES_MAX: usize = 10_000;
/// The tag that says what a directory is for, and the bit that says: a small copy of another page.
const NEW_SUBFILE_TYPE: u16 = 254;
const REDUCED_COPY: u32 = 1;
/// Bytes of one entry of a directory.
const ENTRY_BYTES: usize = 12;

/// Where the directories of the pages stand, in order; small copies of pages are no pages.
pub(crate) fn directories(bytes: &[u8]) -> Vec<u32> {
    let mut found = Vec::new();
    let mut visited = Vec::new();
    let mut next = number(bytes, 4, 4);
    while let Some(offset) = next.filter(|offset| *offset != 0) {
        if visited.contains(&offset) || visited.len() >= PAGES_MAX {
            break;
        }
        visited.push(offset);
        let Some((is_page, following)) = directory(bytes, offset) else { break };
        if is_page {
            found.push(offset);
        }
        next = following;
    }
    found
}

/// The same file with another page first.
pub(crate) fn with_first(bytes: &[u8], directory: u32) -> Vec<u8> {
    let mut file = bytes.to_vec();
    let offset = if is_little_endian(bytes) { directory.to_le_bytes() } else { directory.to_be_bytes() };
    if let Some(place) = file.get_mut(4..8) {
        place.copy_from_slice(&offset);
    }
    file
}

/// Whether the directory is a page's, and where the next one stands.
fn directory(bytes: &[u8], offset: u32) -> Option<(bool, Option<u32>)> {
    let offset = usize::try_from(offset).ok()?;
    let count = usize::try_from(number(bytes, offset, 2)?).ok()?;
    let entries = offset.checked_add(2)?;
    let is_copy = (0..count).any(|index| {
        let entry = entries + index * ENTRY_BYTES;
        number(bytes, entry, 2) == Some(u32::from(NEW_SUBFILE_TYPE))
            && number(bytes, entry + 8, 4).is_some_and(|kind| kind & REDUCED_COPY != 0)
    });
    Some((!is_copy, number(bytes, entries + count * ENTRY_BYTES, 4)))
}

fn is_little_endian(bytes: &[u8]) -> bool {
    bytes.first() == Some(&b'I')
}

fn number(bytes: &[u8], at: usize, length: usize) -> Option<u32> {
    let digits = bytes.get(at..at.checked_add(length)?)?;
    let join = |sum: u32, byte: &u8| (sum << 8) | u32::from(*byte);
    Some(if is_little_endian(bytes) {
        digits.iter().rev().fold(0, join)
    } else {
        digits.iter().fold(0, join)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_chain_is_followed_small_copies_are_left_out_and_circles_end() {
        let mut file = b"II*\0\x08\0\0\0".to_vec();
        // At 8: no entries, next at 14. At 14: a small copy, next at 32. At 32: a page, next at 8 again.
        file.extend([0, 0, 14, 0, 0, 0]);
        file.extend([1, 0, 254, 0, 4, 0, 1, 0, 0, 0, 1, 0, 0, 0, 32, 0, 0, 0]);
        file.extend([0, 0, 8, 0, 0, 0]);
        assert_eq!(directories(&file), [8, 32]);
        assert_eq!(with_first(&file, 32)[4..8], [32, 0, 0, 0]);
        assert_eq!(directories(b"II*\0"), [0u32; 0]);
    }
}
