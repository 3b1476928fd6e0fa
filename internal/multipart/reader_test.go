package multipart_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/microroute/microroute/internal/multipart"
)

const maxParts = 50

// part is what a test expects of a Part.
type part struct{ name, fileName, contentType, content string }

// readAll returns the parts of the form that source has, and the error that ended it: nil at the end of the form. It reads
// size octets at a time.
func readAll(source io.Reader, boundary string, size int) (parts []part, err error) {
	form, err := multipart.NewReader(source, boundary, maxParts)
	if err != nil {
		return nil, err
	}
	for {
		p, err := form.Next()
		if err == io.EOF {
			return parts, nil
		}
		if err != nil {
			return parts, err
		}
		var content strings.Builder
		_, err = io.CopyBuffer(&content, struct{ io.Reader }{p}, make([]byte, size))
		parts = append(parts, part{p.Name, p.FileName, p.ContentType, content.String()})
		if err != nil {
			return parts, err
		}
	}
}

// sources are ways in which the same octets may arrive.
var sources = map[string]func(string) io.Reader{
	"at once":            func(s string) io.Reader { return strings.NewReader(s) },
	"octet by octet":     func(s string) io.Reader { return iotest.OneByteReader(strings.NewReader(s)) },
	"end with the last":  func(s string) io.Reader { return iotest.DataErrReader(strings.NewReader(s)) },
	"in halves":          func(s string) io.Reader { return iotest.HalfReader(strings.NewReader(s)) },
	"not beyond its end": func(s string) io.Reader { return &once{source: iotest.DataErrReader(strings.NewReader(s))} },
}

// once is a source that must not be read again when it has ended.
type once struct {
	source io.Reader
	ended  bool
}

func (o *once) Read(b []byte) (int, error) {
	if o.ended {
		panic("read beyond the end")
	}
	n, err := o.source.Read(b)
	o.ended = err != nil
	return n, err
}

// Sizes of reads: small ones, and large ones, which take another way.
const (
	small = 100
	large = 32 << 10
)

// checkForm reads form from each source and compares what it gets.
func checkForm(t *testing.T, form string, want []part, wantErr error) {
	t.Helper()
	for name, source := range sources {
		for _, size := range []int{small, large} {
			got, err := readAll(source(form), "b", size)
			if fmt.Sprintf("%q", got) != fmt.Sprintf("%q", want) || !errors.Is(err, wantErr) {
				t.Errorf("%s, %d octets at a time: %.200q:\ngot  %.200q, error %v\nwant %.200q, error %v", name, size, form, got, err, want, wantErr)
			}
		}
	}
}

// head is the head of a part called x.
const head = "Content-Disposition: form-data; name=x\r\n\r\n"

func one(content string) []part { return []part{{"x", "", "", content}} }

func TestReader(t *testing.T) {
	long := strings.Repeat("\r\n--b!", 20_000)
	for name, test := range map[string]struct {
		form string
		want []part
		err  error
	}{
		"one part":                          {"--b\r\n" + head + "1\r\n--b--\r\n", one("1"), nil},
		"two":                               {"--b\r\n" + head + "1\r\n--b\r\n" + head + "2\r\n--b--\r\n", append(one("1"), one("2")...), nil},
		"empty content":                     {"--b\r\n" + head + "\r\n--b--\r\n", one(""), nil},
		"content without its CRLF is empty": {"--b\r\n" + head + "--b\r\n" + head + "--b--\r\n", append(one(""), one("")...), nil},
		"content of CRLF":                   {"--b\r\n" + head + "\r\n\r\n--b--\r\n", one("\r\n"), nil},
		"content that ends with CR":         {"--b\r\n" + head + "1\r\r\n--b--\r\n", one("1\r"), nil},
		"long content":                      {"--b\r\n" + head + long + "\r\n--b--\r\n", one(long), nil},
		"bare LF in content":                {"--b\r\n" + head + "1\n--b\n2\r\n--b--\r\n", one("1\n--b\n2"), nil},
		"no parts":                          {"--b--\r\n", nil, nil},

		"preamble":                            {"not read\r\n--b\r\n" + head + "1\r\n--b--\r\n", one("1"), nil},
		"preamble that looks like a boundary": {"--bc\r\nx --b\r\n--b\r\n" + head + "1\r\n--b--\r\n", one("1"), nil},
		"empty line before":                   {"\r\n--b\r\n" + head + "1\r\n--b--\r\n", one("1"), nil},
		"epilogue":                            {"--b\r\n" + head + "1\r\n--b--\r\n--b\r\n" + head + "2\r\n--b--\r\n", one("1"), nil},
		"no CRLF at the end":                  {"--b\r\n" + head + "1\r\n--b--", one("1"), nil},
		"padding":                             {"--b \t\r\n" + head + "1\r\n--b\t \r\n" + head + "2\r\n--b-- \t \r\n", append(one("1"), one("2")...), nil},
		"padding at the end":                  {"--b\r\n" + head + "1\r\n--b-- \t", one("1"), nil},

		"boundary begins a word":        {"--b\r\n" + head + "1\r\n--bc\r\n--b--\r\n", one("1\r\n--bc"), nil},
		"boundary and a hyphen":         {"--b\r\n" + head + "1\r\n--b-\r\n--b--\r\n", one("1\r\n--b-"), nil},
		"boundary begins a line":        {"--b\r\n" + head + "1\r\n--b c\r\n--b--\r\n", one("1\r\n--b c"), nil},
		"last boundary begins a line":   {"--b\r\n" + head + "1\r\n--b--c\r\n--b--\r\n", one("1\r\n--b--c"), nil},
		"boundary with CR":              {"--b\r\n" + head + "1\r\n--b\rc\r\n--b--\r\n", one("1\r\n--b\rc"), nil},
		"boundary inside of a line":     {"--b\r\n" + head + "1 --b\r\n--b--\r\n", one("1 --b"), nil},
		"boundary overlapping":          {"--b\r\n" + head + "1\r\n--\r\n--b\r\r\n--b--\r\n", one("1\r\n--\r\n--b\r"), nil},
		"boundary behind a false one":   {"--b\r\n" + head + "1\r\n--b\r\r\n--b--\r\n", one("1\r\n--b\r"), nil},
		"boundary word opens content":   {"--b\r\n" + head + "--bc\r\n--b--\r\n", one("--bc"), nil},
		"boundary of another multipart": {"--c\r\n" + head + "1\r\n--c--\r\n", nil, io.ErrUnexpectedEOF},

		"empty":                     {"", nil, io.ErrUnexpectedEOF},
		"only a boundary":           {"--b", nil, io.ErrUnexpectedEOF},
		"only a boundary line":      {"--b\r\n", nil, io.ErrUnexpectedEOF},
		"cut off in a head":         {"--b\r\nContent-Dis", nil, io.ErrUnexpectedEOF},
		"cut off in content":        {"--b\r\n" + head + "1", one("1"), io.ErrUnexpectedEOF},
		"cut off in long content":   {"--b\r\n" + head + long, one(long), io.ErrUnexpectedEOF},
		"no last boundary":          {"--b\r\n" + head + "1\r\n--b\r\n", one("1"), io.ErrUnexpectedEOF},
		"cut off in the last":       {"--b\r\n" + head + "1\r\n--b-", one("1"), io.ErrUnexpectedEOF},
		"CR alone behind the last":  {"--b\r\n" + head + "1\r\n--b--\r", one("1"), io.ErrUnexpectedEOF},
		"LF alone behind the first": {"--b\n" + head + "1\r\n--b--\r\n", nil, multipart.ErrLineEnd},
		"LF alone behind the last":  {"--b\r\n" + head + "1\r\n--b-- \n", one("1"), multipart.ErrLineEnd},
		"LF alone everywhere":       {"--b\nContent-Disposition: form-data; name=x\n\n1\n--b--\n", nil, multipart.ErrLineEnd},

		"too many parts":     {strings.Repeat("--b\r\n"+head, maxParts+1) + "--b--\r\n", slicesOf(maxParts, one("")), multipart.ErrTooManyParts},
		"as many as allowed": {strings.Repeat("--b\r\n"+head, maxParts) + "--b--\r\n", slicesOf(maxParts, one("")), nil},
		"head too long":      {"--b\r\nX: " + strings.Repeat("x", 8<<10) + "\r\n" + head + "\r\n--b--\r\n", nil, multipart.ErrHeadTooLong},
		"head without end":   {"--b\r\n" + strings.Repeat("X: y\r\n", 1<<20), nil, multipart.ErrHeadTooLong},
		"long head":          {"--b\r\nX: " + strings.Repeat("x", 8000) + "\r\n" + head + "1\r\n--b--\r\n", one("1"), nil},
		"padding too long":   {"--b\r\n" + head + "1\r\n--b" + strings.Repeat(" ", 1<<20) + "\r\n", one("1"), multipart.ErrHeadTooLong},
	} {
		t.Run(name, func(t *testing.T) { checkForm(t, test.form, test.want, test.err) })
	}
}

func slicesOf(n int, parts []part) (all []part) {
	for range n {
		all = append(all, parts...)
	}
	return all
}

// A delimiter is found wherever it falls in the buffer, and content of every length around the buffer's arrives whole.
func TestDelimiterAnywhere(t *testing.T) {
	for length := 16<<10 - 300; length < 16<<10+50; length++ {
		content := strings.Repeat("x", length-2) + "\r\n"
		for _, size := range []int{small, large} {
			got, err := readAll(strings.NewReader("--b\r\n"+head+content+"\r\n--b\r\n"+head+"2\r\n--b--\r\n"), "b", size)
			if len(got) != 2 || got[0].content != content || got[1].content != "2" || err != nil {
				t.Fatalf("content of %d octets, %d at a time: got %d parts, error %v", length, size, len(got), err)
			}
		}
	}
}

// Parts that are not read, or not to their end, are skipped; those that have been passed cannot be read any more.
func TestSkip(t *testing.T) {
	text := "--b\r\n" + head + strings.Repeat("1", 100_000) + "\r\n--b\r\n" + head + "23\r\n--b\r\n" + head + "4\r\n--b--\r\n"
	form, err := multipart.NewReader(strings.NewReader(text), "b", maxParts)
	if err != nil {
		t.Fatal(err)
	}
	first, err := form.Next()
	if err != nil {
		t.Fatal(err)
	}
	second, err := form.Next()
	if err != nil {
		t.Fatal(err)
	}
	octet := make([]byte, 1)
	if n, err := second.Read(octet); n != 1 || octet[0] != '2' || err != nil {
		t.Errorf("got %d octets, %q, error %v, want 2", n, octet, err)
	}
	if n, err := first.Read(octet); n != 0 || err != multipart.ErrPassed {
		t.Errorf("reading the part before: got %d octets, error %v, want %v", n, err, multipart.ErrPassed)
	}
	third, err := form.Next()
	if err != nil {
		t.Fatal(err)
	}
	if got, err := io.ReadAll(third); string(got) != "4" || err != nil {
		t.Errorf("got %q, error %v, want 4", got, err)
	}
	for range 2 {
		if _, err := form.Next(); err != io.EOF {
			t.Errorf("at the end: got error %v, want %v", err, io.EOF)
		}
	}
	if _, err := third.Read(octet); err != multipart.ErrPassed {
		t.Errorf("reading the last part after the end: got error %v, want %v", err, multipart.ErrPassed)
	}
}

// What has arrived can be read before more has.
func TestReadWaitsForNothing(t *testing.T) {
	source, client := io.Pipe()
	form, err := multipart.NewReader(source, "b", maxParts)
	if err != nil {
		t.Fatal(err)
	}
	go io.WriteString(client, "--b\r\n"+head)
	p, err := form.Next()
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()
	for _, test := range []struct{ sent, want string }{
		{"one", "one"}, {"two\r\n--", "two"}, {"x", "\r\n--x"}, {"three\r\n--b", "three"}, {"y", "\r\n--by"},
	} {
		sent := make(chan error)
		go func() {
			_, err := io.WriteString(client, test.sent)
			sent <- err
		}()
		got := make([]byte, len(test.want))
		if _, err := io.ReadFull(p, got); err != nil || string(got) != test.want {
			t.Errorf("after %q: got %q, error %v, want %q", test.sent, got, err, test.want)
		}
		if err := <-sent; err != nil {
			t.Fatal(err)
		}
	}
}

// Errors of the source arrive as they are, behind the octets that came before them, and stay.
func TestErrorsOfTheSource(t *testing.T) {
	broken := errors.New("broken")
	whole := "--b\r\n" + head + "1\r\n--b--\r\n"
	for length := range len(whole) - 2 {
		source := io.MultiReader(strings.NewReader(whole[:length]), iotest.ErrReader(broken))
		if _, err := readAll(source, "b", small); err != broken {
			t.Errorf("broken after %q: got error %v, want %v", whole[:length], err, broken)
		}
		form, err := multipart.NewReader(strings.NewReader(whole[:length]), "b", maxParts)
		if err != nil {
			t.Fatal(err)
		}
		for err == nil {
			_, err = form.Next()
		}
		if _, again := form.Next(); again != err || err != io.ErrUnexpectedEOF {
			t.Errorf("cut off after %q: got error %v, then %v, want %v", whole[:length], err, again, io.ErrUnexpectedEOF)
		}
	}
	if _, err := readAll(silent{}, "b", large); err != io.ErrNoProgress {
		t.Errorf("source that returns nothing: got error %v, want %v", err, io.ErrNoProgress)
	}
}

type silent struct{}

func (silent) Read([]byte) (int, error) { return 0, nil }

func TestBoundary(t *testing.T) {
	seventy := strings.Repeat("x", 70)
	for _, boundary := range []string{"b", "a b", "'()+_,-./:=?", "*|~", seventy} {
		got, err := readAll(strings.NewReader("--"+boundary+"\r\n"+head+"1\r\n--"+boundary+"--\r\n"), boundary, small)
		if fmt.Sprint(got) != fmt.Sprint(one("1")) || err != nil {
			t.Errorf("boundary %q: got %q, error %v", boundary, got, err)
		}
	}
	for _, boundary := range []string{"", "b ", "b\r\n", "b\tc", "ä", "b\x00", "b\x7f", seventy + "x"} {
		if _, err := multipart.NewReader(strings.NewReader(""), boundary, maxParts); err != multipart.ErrBoundary {
			t.Errorf("boundary %q: got error %v, want %v", boundary, err, multipart.ErrBoundary)
		}
	}
}

// However large a form is, the memory it takes is that of a buffer, and its parts cost as many allocations.
func TestReaderAllocates(t *testing.T) {
	form := func(parts, size int) []byte {
		content := bytes.Repeat([]byte("x"), size)
		var b bytes.Buffer
		for range parts {
			fmt.Fprintf(&b, "--b\r\nContent-Disposition: form-data; name=\"x\"; filename=\"a.png\"\r\nContent-Type: image/png\r\n\r\n%s\r\n", content)
		}
		b.WriteString("--b--\r\n")
		return b.Bytes()
	}
	room := make([]byte, 32<<10)
	for _, size := range []int{0, 40_000, 1 << 20} {
		data := form(10, size)
		source := bytes.NewReader(data)
		got := testing.AllocsPerRun(10, func() {
			source.Reset(data)
			reader, err := multipart.NewReader(source, "b", maxParts)
			for err == nil {
				var p *multipart.Part
				if p, err = reader.Next(); err == nil {
					for err == nil {
						_, err = p.Read(room)
					}
					if err == io.EOF {
						err = nil
					}
				}
			}
			if err != io.EOF {
				t.Error(err)
			}
		})
		// The Reader, its buffer, its delimiter; a Part and the copy of its head.
		if want := 3.0 + 2*10; got > want {
			t.Errorf("10 parts of %d octets: got %v allocations, want at most %v", size, got, want)
		}
	}
}
