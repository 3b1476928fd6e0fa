package microroutetest

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/microroute/microroute/internal/diff"
)

// report says what is wrong with an answer: a line for each difference, and further lines for those of long texts.
type report struct{ lines []string }

const indent = "    "

func (p *report) wrong() bool { return len(p.lines) > 0 }

func (p *report) String() string { return strings.Join(p.lines, "\n") }

func (p *report) line(format string, args ...any) {
	p.lines = append(p.lines, indent+fmt.Sprintf(format, args...))
}

// block adds a title and the lines of a text below it.
func (p *report) block(title, text string) {
	p.line("%s", title)
	for line := range strings.Lines(text) {
		p.lines = append(p.lines, strings.TrimRight(indent+indent+line, " \n"))
	}
}

func (p *report) status(got, want int) {
	if got != want {
		p.line("status: got %s, want %s", statusText(got), statusText(want))
	}
}

// field compares the values of a field, all of them in their order.
func (p *report) field(name string, got, want []string) {
	if g, w := quoted(got), quoted(want); g != w {
		p.line("%s: got %s, want %s", name, g, w)
	}
}

func quoted(values []string) string {
	if len(values) == 0 {
		return "none"
	}
	texts := make([]string, len(values))
	for i, value := range values {
		texts[i] = fmt.Sprintf("%q", value)
	}
	return strings.Join(texts, " and ")
}

// text compares texts in the way that suits them: short ones in a line, long ones line by line, octets in hexadecimal.
func (p *report) text(what, got, want string) {
	switch {
	case got == want:
	case !isText(got) || !isText(want):
		title := fmt.Sprintf("%s: got %d octets, want %d (-want +got):", what, len(got), len(want))
		p.block(title, diff.Bytes([]byte(want), []byte(got)))
	case isShort(got) && isShort(want):
		p.line("%s: got %q, want %q", what, got, want)
	default:
		p.block(what+" (-want +got):", diff.Text(want, got))
	}
}

// excerpt adds the beginning of a text that tells what has come instead.
func (p *report) excerpt(title, text string) {
	switch {
	case text == "":
	case !isText(text):
		p.line("%s %d octets that are no text", title, len(text))
	case isShort(text):
		p.line("%s %q", title, text)
	default:
		p.block(title, diff.Excerpt(text))
	}
}

// json compares JSON values: short ones in a line, others in lines that show their members.
func (p *report) json(body string, want any) {
	got, err := parseJSON(body)
	if err != nil {
		p.line("body is not JSON: %v", err)
		p.excerpt("body:", body)
		return
	}
	wantLines, gotLines := indented(want), indented(got)
	if wantLines == gotLines {
		return
	}
	at := ""
	if way := firstDifference(got, want); way != "" {
		at = " at " + strings.TrimPrefix(way, ".")
	}
	if g, w := compact(got), compact(want); isShort(g) && isShort(w) {
		p.line("JSON differs%s: got %s, want %s", at, g, w)
		return
	}
	p.block("JSON differs"+at+" (-want +got):", diff.Text(wantLines, gotLines))
}

// isShort reports whether a text has room in a line.
func isShort(text string) bool {
	const most = 60 // octets
	return len(text) <= most && !strings.Contains(strings.TrimSuffix(text, "\n"), "\n")
}

// isText reports whether octets are meant for people: UTF-8 without those control characters that no text has.
func isText(octets string) bool {
	return utf8.ValidString(octets) && !strings.ContainsFunc(octets, func(r rune) bool {
		return r < ' ' && !strings.ContainsRune("\t\n\v\f\r\x1b", r)
	})
}
