package diff_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/microroute/microroute/internal/diff"
)

func numbered(from, to int) string {
	var text strings.Builder
	for i := from; i <= to; i++ {
		fmt.Fprintln(&text, i)
	}
	return text.String()
}

func TestText(t *testing.T) {
	long := strings.Repeat("0123456789", 40)
	for _, test := range []struct{ name, want, got, text string }{
		{"equal", "a\n", "a\n", ""},
		{"changed", "Assam\nCeylon\n", "Assam\nDarjeeling\n", "  Assam\n- Ceylon\n+ Darjeeling\n"},
		{"far apart", numbered(1, 30), "0\n" + numbered(1, 14) + numbered(16, 30),
			"+ 0\n  1\n  2\n  3\n… 8 equal lines\n  12\n  13\n  14\n- 15\n  16\n  17\n  18\n… 12 equal lines\n"},
		{"at the end", numbered(1, 10), numbered(1, 9), "… 6 equal lines\n  7\n  8\n  9\n- 10\n"},
		{"one line hidden is shown", numbered(1, 7), "0\n" + numbered(1, 7) + "8\n", "+ 0\n" + "  1\n  2\n  3\n  4\n  5\n  6\n  7\n" + "+ 8\n"},
		{"tab for spaces", "if x\n\tgo\n", "if x\n    go\n", "  if x\n- \"\\tgo\\n\"\n+ \"    go\\n\"\n"},
		{"spaces behind", "a\nb\n", "a \nb\n", "- \"a\\n\"\n+ \"a \\n\"\n  b\n"},
		{"spaces behind another word", "a\n", "b \n", "- \"a\\n\"\n+ \"b \\n\"\n"},
		{"spaces behind what is new", "b\n", "a \nb\n", "+ \"a \\n\"\n  b\n"},
		{"line breaks of Windows", "a\nb\n", "a\r\nb\r\n", "- \"a\\n\"\n- \"b\\n\"\n+ \"a\\r\\n\"\n+ \"b\\r\\n\"\n"},
		{"no line break at the end", "a\nb\n", "a\nb", "  a\n- \"b\\n\"\n+ \"b\"\n"},
		{"characters that nobody sees", "tea\n", "t\u200bea\n", "- \"tea\\n\"\n+ \"t\\u200bea\\n\"\n"},
		{"a terminal's", "a\n\x1b[31m\n", "b\n\x1b[31m\n", "- a\n+ b\n  \"\\x1b[31m\\n\"\n"},
		{"other letters are not quoted", "größe\n", "Größe\n", "- größe\n+ Größe\n"},
		{"long lines", long + "a" + long, long + "b" + long,
			"- …" + long[:80] + "a" + long[:79] + "…\n+ …" + long[:80] + "b" + long[:79] + "…\n"},
		{"the end of long lines", long + "a", long, "- …" + long[:160][1:] + "a\n+ …" + long[:160] + "\n"},
		{"long lines without a counterpart", "", long + "\n", "+ " + long[:160] + "…\n"},
		{"long quotes", "", strings.Repeat("ä", 200) + " ", "+ \"" + strings.Repeat("ä", 160) + "\"…\n"},
		{"very many", "", numbered(1, 100), "+ " + strings.ReplaceAll(numbered(1, 59), "\n", "\n+ ") + "60\n… 40 more lines\n"},
		{"a line of nothing", "a\n\nb\n", "a\nb\n", "  a\n-\n  b\n"},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got := diff.Text(test.want, test.got); got != test.text {
				t.Errorf("from %q to %q:\n%s\nwant\n%s", test.want, test.got, got, test.text)
			}
		})
	}
}

func TestExcerpt(t *testing.T) {
	for text, want := range map[string]string{
		"":                       "",
		"a\n\nb":                 "a\n\nb\n",
		"a\x1b[0m\r\n":           "\"a\\x1b[0m\\r\\n\"\n",
		numbered(1, 20):          numbered(1, 20),
		numbered(1, 22):          numbered(1, 20) + "… 2 more lines\n",
		strings.Repeat("ä", 200): strings.Repeat("ä", 160) + "…\n",
	} {
		if got := diff.Excerpt(text); got != want {
			t.Errorf("%q: got %q, want %q", text, got, want)
		}
	}
}

func TestBytes(t *testing.T) {
	octets := make([]byte, 100)
	for i := range octets {
		octets[i] = byte(i)
	}
	with := func(at int, octet byte) []byte {
		changed := append([]byte(nil), octets...)
		changed[at] = octet
		return changed
	}
	const (
		row0 = "00000000  00 01 02 03 04 05 06 07  08 09 0a 0b 0c 0d 0e 0f  |................|\n"
		row1 = "00000010  10 11 12 13 14 15 16 17  18 19 1a 1b 1c 1d 1e 1f  |................|\n"
		row2 = "00000020  20 21 22 23 24 25 26 27  28 29 2a 2b 2c 2d 2e 2f  | !\"#$%&'()*+,-./|\n"
		row3 = "00000030  30 31 32 33 34 35 36 37  38 39 3a 3b 3c 3d 3e 3f  |0123456789:;<=>?|\n"
		row4 = "00000040  40 41 42 43 44 45 46 47  48 49 4a 4b 4c 4d 4e 4f  |@ABCDEFGHIJKLMNO|\n"
	)
	for _, test := range []struct {
		name      string
		want, got []byte
		text      string
	}{
		{"equal", octets, octets, ""},
		{"in the first row", octets, with(0, 0xff), "- " + row0 + "+ 00000000  ff 01" + row0[15:61] + row0[61:] + "  " + row1 + "  " + row2 + "  " + row3},
		{"later", octets, with(33, 0x41), "  " + row1 + "- " + row2 + "+ 00000020  20 41" + row2[15:61] + " A" + row2[63:] + "  " + row3 + "  " + row4},
		{"cut off", octets[:48], octets[:34], "  " + row1 + "- " + row2 + "+ 00000020  20 21                                             | !|\n"},
		{"too much", octets[:32], octets[:48], "  " + row1 + "+ " + row2},
		{"nothing", nil, octets[:16], "+ " + row0},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got := diff.Bytes(test.want, test.got); got != test.text {
				t.Errorf("from %x to %x:\n%s\nwant\n%s", test.want, test.got, got, test.text)
			}
		})
	}
}

func ExampleText() {
	fmt.Print(diff.Text("Assam\nCeylon\nKeemun\n", "Assam\nDarjeeling\nKeemun \n"))
	// Output:
	//   Assam
	// - Ceylon
	// - "Keemun\n"
	// + Darjeeling
	// + "Keemun \n"
}
