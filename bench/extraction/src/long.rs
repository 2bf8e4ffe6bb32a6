//! A long invoice, written here: two hundred pages of a table, sixty lines each.

use std::fmt::Write as _;

const LINES_PER_PAGE: usize = 60;

/// A PDF of so many pages.
pub fn invoice(pages: usize) -> Vec<u8> {
    let mut objects = vec![
        "<< /Type /Catalog /Pages 2 0 R >>".to_owned(),
        String::new(),
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>".to_owned(),
    ];
    let mut kids = String::new();
    for page in 0..pages {
        let content = content(page, pages);
        objects.push(format!("<< /Length {} >>\nstream\n{content}\nendstream", content.len()));
        objects.push(format!(
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents {} 0 R \
             /Resources << /Font << /F 3 0 R >> >> >>",
            objects.len()
        ));
        let _ = write!(kids, "{} 0 R ", objects.len());
    }
    objects[1] = format!("<< /Type /Pages /Kids [{kids}] /Count {pages} >>");
    let mut file = "%PDF-1.4\n".to_owned();
    let mut xref = format!("xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1);
    for (index, object) in objects.iter().enumerate() {
        let _ = write!(xref, "{:010} 00000 n \n", file.len());
        let _ = write!(file, "{} 0 obj\n{object}\nendobj\n", index + 1);
    }
    let (start, size) = (file.len(), objects.len() + 1);
    let _ = write!(file, "{xref}trailer << /Size {size} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n");
    file.into_bytes()
}

fn content(page: usize, pages: usize) -> String {
    let mut content = String::from("BT /F 9 Tf\n");
    let mut put = |x: usize, y: usize, text: &str| {
        let _ = writeln!(content, "1 0 0 1 {x} {y} Tm ({text}) Tj");
    };
    if page == 0 {
        put(50, 810, "Northwind Paper Ltd, 12 Mill Lane, Leeds LS1 4AB");
        put(50, 795, "Invoice number: NW-2024-0815");
        put(320, 795, "Invoice date: 2024-11-23");
    }
    for (x, title) in
        [(50, "Pos"), (90, "Description"), (350, "Quantity"), (420, "Unit price"), (500, "Amount")]
    {
        put(x, 770, title);
    }
    for line in 0..LINES_PER_PAGE {
        let y = 758 - line * 12;
        let number = page * LINES_PER_PAGE + line + 1;
        let (quantity, cents) = (number % 7 + 1, number % 900 + 100);
        put(50, y, &number.to_string());
        put(90, y, &format!("Paper of kind {} in reams of {}", number % 97, number % 13 + 1));
        put(350, y, &quantity.to_string());
        put(420, y, &money(cents));
        put(500, y, &money(cents * quantity));
    }
    if page + 1 == pages {
        let sum: usize = (1..=pages * LINES_PER_PAGE).map(|n| (n % 7 + 1) * (n % 900 + 100)).sum();
        put(350, 36, "Total amount");
        put(480, 36, &format!("{} EUR", money(sum)));
    }
    put(280, 20, &format!("Page {} of {pages}", page + 1));
    content.push_str("ET");
    content
}

fn money(cents: usize) -> String {
    format!("{}.{:02}", cents / 100, cents % 100)
}
