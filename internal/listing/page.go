package listing

import (
	"bufio"
	"io"
	"strconv"
	"strings"
)

// Page writes the directory as an HTML page that needs nothing else: no script, no other file. It is to be sent with
// Policy, the Content-Security-Policy under which it works.
func Page(w io.Writer, d Directory) error {
	d.sort()
	p := page{bufio.NewWriter(w)}
	above := d.above()
	p.html(`<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>`, text(visible(d.Path)), `</title>
<link rel="icon" href="data:,">
<style>`, style, `</style>
`, symbols)
	p.crumbs(above)
	p.html("<table>\n<thead><tr>")
	p.heading(d.Order, ByName, "Name")
	p.heading(d.Order, BySize, "Size")
	p.heading(d.Order, ByTime, "Modified (UTC)")
	p.html("</tr></thead>\n<tbody>\n")
	if len(above) > 0 {
		p.html(`<tr><td><a href="../" aria-label="Parent directory">`, icon("up"), "<span>..</span></a></td><td></td><td></td></tr>\n")
	}
	for _, entry := range d.Entries {
		p.entry(entry)
	}
	p.html("</tbody>\n</table>\n<footer>", summary(d.Entries), "</footer>\n</html>\n")
	return p.w.Flush()
}

// page writes HTML; its first error stays, and is that of Flush.
type page struct{ w *bufio.Writer }

func (p page) html(pieces ...string) {
	for _, piece := range pieces {
		p.w.WriteString(piece)
	}
}

// crumbs writes the way from the root to this directory, whose name is no link.
func (p page) crumbs(above []string) {
	p.html(`<nav aria-label="Path">`)
	for depth := range len(above) + 1 {
		name := icon("home")
		if depth > 0 {
			name = "<bdi>" + text(visible(above[depth-1])) + "</bdi>"
		}
		if up := len(above) - depth; up > 0 {
			p.html(`<a href="`, strings.Repeat("../", up), `"`, label(depth), `>`, name, `</a><span>/</span>`)
		} else {
			p.html(`<b aria-current="page"`, label(depth), `>`, name, `</b>`)
		}
	}
	p.html("</nav>\n")
}

// label says what the icon of the root is for.
func label(depth int) string {
	if depth == 0 {
		return ` aria-label="Top"`
	}
	return ""
}

// heading writes the head of a column, a link that sorts by it.
func (p page) heading(now Order, column Column, name string) {
	p.html(`<th scope="col"`)
	if now.By == column {
		direction := "ascending"
		if now.Descending {
			direction = "descending"
		}
		p.html(` aria-sort="`, direction, `"`)
	}
	p.html(`><a href="`, text(now.toward(column).query()), `">`, name, `</a></th>`)
}

func (p page) entry(e Entry) {
	kind, slash, size := "file", "", `<td title="`+strconv.FormatInt(e.Size, 10)+` bytes">`+FormatSize(e.Size)
	if e.IsDir {
		kind, slash, size = "folder", "/", "<td>"
	}
	p.html(`<tr><td><a href="`, text(e.link()), `">`, icon(kind), "<span><bdi>", text(visible(e.Name)), "</bdi>", slash, "</span></a></td>",
		size, "</td><td>")
	if t := e.ModTime.UTC(); !e.ModTime.IsZero() {
		p.html(`<time datetime="`, t.Format("2006-01-02T15:04:05Z"), `">`, t.Format("2006-01-02 15:04"), "</time>")
	}
	p.html("</td></tr>\n")
}

// summary says what there is in all: "2 directories, 1 file, 48 kB".
func summary(entries []Entry) string {
	directories, files, size := 0, 0, int64(0)
	for _, e := range entries {
		if e.IsDir {
			directories++
			continue
		}
		files++
		size += e.Size
	}
	switch {
	case directories+files == 0:
		return "Nothing in here"
	case files == 0:
		return count(directories, "directory", "directories")
	case directories == 0:
		return count(files, "file", "files") + ", " + FormatSize(size)
	}
	return count(directories, "directory", "directories") + ", " + count(files, "file", "files") + ", " + FormatSize(size)
}

func count(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return strconv.Itoa(n) + " " + many
}

// text returns s as the text of an element, or the value of an attribute in double quotes. It has no use for package html,
// whose tables would be 25 KB of every program.
func text(s string) string {
	if !strings.ContainsAny(s, `&<>"'`) {
		return s
	}
	var b strings.Builder
	for i := range len(s) {
		switch c := s[i]; c {
		case '&':
			b.WriteString("&amp;")
		case '<':
			b.WriteString("&lt;")
		case '>':
			b.WriteString("&gt;")
		case '"':
			b.WriteString("&#34;")
		case '\'':
			b.WriteString("&#39;")
		default:
			b.WriteByte(c)
		}
	}
	return b.String()
}
