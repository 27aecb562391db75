//! Pieces of HTML; every foreign text goes through [`escape`].

use super::number::clean;

/// A foreign text as it may stand between tags and in quoted attributes.
pub(super) fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in clean(text).chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c => out.push(c),
        }
    }
    out
}

/// A section with its heading; `body` is HTML already.
pub(super) fn section(heading: &str, body: &str) -> String {
    format!("<section>\n<h2>{heading}</h2>\n{body}\n</section>\n")
}

/// A table that can be pushed sideways on a narrow screen; heads and caption are escaped here, rows are HTML.
///
/// `class` is one of the style sheet: `figures` for numbers, `calm` for words with a few numbers, `pairs` for settings.
pub(super) fn table(class: &str, caption: &str, heads: &[String], rows: &str) -> String {
    let caption = escape(caption);
    let mut head = String::new();
    for text in heads {
        // A long name may break after an underscore.
        head.push_str(&format!("<th scope=\"col\">{}</th>", escape(text).replace('_', "_<wbr>")));
    }
    format!(
        "<div class=\"wide\" role=\"region\" aria-label=\"{caption}\" tabindex=\"0\"><table class=\"{class}\">\n\
         <caption>{caption}</caption>\n<thead><tr>{head}</tr></thead>\n<tbody>\n{rows}</tbody>\n</table></div>"
    )
}

/// A row of a table: the first cell is its head; all are HTML already.
pub(super) fn row(head: &str, cells: &[String]) -> String {
    let mut out = format!("<tr><th scope=\"row\">{head}</th>");
    for cell in cells {
        out.push_str(&format!("<td>{cell}</td>"));
    }
    out.push_str("</tr>\n");
    out
}

/// Something to open; closed at first.
pub(super) fn details(summary: &str, body: &str) -> String {
    format!("<details><summary>{summary}</summary>\n{body}\n</details>")
}

/// A share as a figure over a thin bar.
pub(super) fn share_bar(text: &str, share: f64) -> String {
    let width = if share.is_finite() { share.clamp(0.0, 1.0) * 100.0 } else { 0.0 };
    format!("{text}<span class=\"meter\" aria-hidden=\"true\"><span style=\"width:{width:.1}%\"></span></span>")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hostile_text_cannot_leave_its_place() {
        assert_eq!(escape("<b a=\"x\" c='y'>&\u{0}"), "&lt;b a=&quot;x&quot; c=&#39;y&#39;&gt;&amp; ");
    }
}
