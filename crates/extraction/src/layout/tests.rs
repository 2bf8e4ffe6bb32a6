use super::testing::page;
use super::*;

fn lines(layout: &Layout) -> Vec<String> {
    layout.lines.iter().map(|line| layout.text(line.tokens.clone())).collect()
}

#[test]
fn columns_become_segments_of_one_line() {
    let layout =
        Layout::of(&[page(&["Invoice Date:            Due Date:", "03/20/2023               04/04/2023"])]);
    assert_eq!(lines(&layout), ["Invoice Date: Due Date:", "03/20/2023 04/04/2023"]);
    assert_eq!(layout.lines[0].segments.len(), 2);
}

#[test]
fn a_stretch_that_runs_into_the_next_column_is_parted_where_the_lines_around_it_begin() {
    let segments = |lines: &[&str]| {
        let layout = Layout::of(&[page(lines)]);
        assert!(layout.tokens.iter().all(|token| layout.segments[token.segment].line == token.line));
        let line = &layout.lines[1];
        let text = |segment: usize| layout.text(layout.segments[segment].tokens.clone());
        line.segments.clone().map(text).collect::<Vec<_>>()
    };
    let (above, below) = ("From             To", "Harbour Lane     Mill Road 7");
    assert_eq!(
        segments(&[above, "Example Tools Co Erika Beispiel", below]),
        ["Example Tools Co", "Erika Beispiel"]
    );
    // One line alone says nothing, nor does a word that begins elsewhere.
    assert_eq!(segments(&[above, "Example Tools Co Erika Beispiel", "Harbour"]).len(), 1);
    assert_eq!(segments(&[above, "Example Tool Co Erika Beispiel", below]).len(), 1);
}

#[test]
fn the_order_in_which_words_were_found_does_not_matter() {
    let mut shuffled = page(&["one two three", "four      five", "six"]);
    let straight = lines(&Layout::of(&[shuffled.clone()]));
    shuffled.words.reverse();
    assert_eq!(lines(&Layout::of(&[shuffled])), straight);
}

#[test]
fn a_label_glued_to_its_value_is_parted_but_a_time_and_an_address_are_not() {
    let layout = Layout::of(&[page(&["Kundennummer:2 12:30 http://a.example n°562044"])]);
    let texts: Vec<&str> = layout.tokens.iter().map(|token| token.text.as_str()).collect();
    assert_eq!(texts, ["Kundennummer:", "2", "12:30", "http://a.example", "n°", "562044"]);
    assert_eq!(layout.text(0..2), "Kundennummer:2");
}

#[test]
fn a_box_that_is_no_number_is_left_out() {
    let mut broken = page(&["one two"]);
    broken.words[0].bbox.x0 = f32::NAN;
    assert_eq!(Layout::of(&[broken]).tokens.len(), 1);
}
