package diff

import (
	"fmt"
	"strconv"
	"strings"
	"unicode"
)

const (
	around     = 3   // equal lines that are shown before and behind different ones
	maxLines   = 60  // how many are shown at all
	maxColumns = 160 // how many characters of each
)

// Text shows the lines in which got differs from want: those that are missing behind "- ", those that are too many behind
// "+ ", and their neighbours behind two spaces. Lines that differ in white space only are quoted, and so are those with
// characters that nobody could see. What is too much for a reader is left out. It returns "" if the texts are equal.
func Text(want, got string) string {
	if want == got {
		return ""
	}
	var p printer
	blocks := blocksOf(Lines(want, got))
	for i, b := range blocks {
		p.equal(b.equal, i == 0, len(b.want)+len(b.got) == 0)
		p.change(b.want, b.got)
	}
	if p.left > 0 {
		fmt.Fprintf(&p.out, "… %d more lines\n", p.left)
	}
	return p.out.String()
}

// Excerpt shows the beginning of a text in the way of Text.
func Excerpt(text string) string {
	const most = 20 // lines
	var out strings.Builder
	lines := split(text)
	for _, line := range lines[:min(len(lines), most)] {
		fmt.Fprintln(&out, show(line, unprintable(line), 0))
	}
	if left := len(lines) - most; left > 0 {
		fmt.Fprintf(&out, "… %d more lines\n", left)
	}
	return out.String()
}

// block is a run of equal lines, and what differs behind it.
type block struct{ equal, want, got []string }

func blocksOf(lines []Line) []block {
	blocks := []block{{}}
	for _, line := range lines {
		b := &blocks[len(blocks)-1]
		switch {
		case line.Op == Want:
			b.want = append(b.want, line.Text)
		case line.Op == Got:
			b.got = append(b.got, line.Text)
		case len(b.want)+len(b.got) > 0:
			blocks = append(blocks, block{equal: []string{line.Text}})
		default:
			b.equal = append(b.equal, line.Text)
		}
	}
	return blocks
}

// printer writes lines for people.
type printer struct {
	out   strings.Builder
	shown int
	left  int // how many there was no room for
}

func (p *printer) line(op Op, text string) {
	if p.shown == maxLines {
		p.left++
		return
	}
	p.shown++
	p.out.WriteString(strings.TrimRight(string(op)+" "+text, " ") + "\n")
}

// equal shows equal lines that are near to a difference.
func (p *printer) equal(lines []string, first, last bool) {
	head, tail := around, around
	if first {
		head = 0
	}
	if last {
		tail = 0
	}
	hidden := len(lines) - head - tail
	for i, line := range lines {
		switch {
		case hidden <= 1 || i < head || i >= head+hidden:
			p.line(Equal, show(line, unprintable(line), 0))
		case i == head && p.shown < maxLines:
			fmt.Fprintf(&p.out, "… %d equal lines\n", hidden)
		}
	}
}

// change shows lines that differ, each with regard to the one that stands in its place.
func (p *printer) change(want, got []string) {
	shown := func(lines, others []string, i int) string {
		line := lines[i]
		if i >= len(others) {
			return show(line, deceptive(line), 0)
		}
		other := others[i]
		alike := withoutSpace(line) == withoutSpace(other)
		return show(line, alike || deceptive(line) || deceptive(other), common(line, other))
	}
	for i := range want {
		p.line(Want, shown(want, got, i))
	}
	for i := range got {
		p.line(Got, shown(got, want, i))
	}
}

// show returns a line without its line break, or in quotes with it. Of a long one it returns what surrounds the place at
// which it becomes interesting, counted in characters.
func show(line string, quoted bool, at int) string {
	if !quoted {
		line = strings.TrimSuffix(line, "\n")
	}
	before, behind := "", ""
	if characters := []rune(line); len(characters) > maxColumns {
		from := min(max(0, at-maxColumns/2), len(characters)-maxColumns)
		to := from + maxColumns
		if from > 0 {
			before = "…"
		}
		if to < len(characters) {
			behind = "…"
		}
		line = string(characters[from:to])
	}
	if quoted {
		line = strconv.Quote(line)
	}
	return before + line + behind
}

// common returns how many characters two lines have in common before they differ.
func common(a, b string) int {
	x, y := []rune(a), []rune(b)
	n := 0
	for n < len(x) && n < len(y) && x[n] == y[n] {
		n++
	}
	return n
}

// unprintable reports whether a line has characters that would not be seen as what they are.
func unprintable(line string) bool {
	return strings.ContainsFunc(strings.TrimSuffix(line, "\n"), func(r rune) bool {
		return r != '\t' && !strconv.IsPrint(r)
	})
}

// deceptive reports whether a line looks like another: it has characters that are not seen, or ends in white space.
func deceptive(line string) bool {
	text := strings.TrimSuffix(line, "\n")
	return unprintable(line) || strings.TrimRightFunc(text, unicode.IsSpace) != text
}

func withoutSpace(line string) string { return strings.Join(strings.Fields(line), "") }
