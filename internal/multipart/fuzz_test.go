package multipart_test

import (
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"net/textproto"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"testing/iotest"

	ours "github.com/microroute/microroute/internal/multipart"
)

// FuzzReader holds the Reader to two properties: pieces make no difference, and what mime/multipart accepts it reads with
// the same names and content, but for what readStandard lists.
func FuzzReader(f *testing.F) {
	for _, form := range []string{
		"--b\r\nContent-Disposition: form-data; name=\"x\"\r\n\r\n1\r\n--b\r\nContent-Disposition: form-data; name=y; filename=\"a.png\"\r\n" +
			"Content-Type: image/png\r\n\r\n\x89PNG\r\n\r\n--b--\r\n",
		"preamble\r\n--b \t\r\ncontent-disposition:form-data;name=x\r\n\r\n\r\n--bc\r\n--b-\r\n--b--x\r\n--b-- \r\nepilogue",
		"--b\r\nContent-Disposition: form-data; name=\"a\\\"b%22\\c\";\r\n filename*=UTF-8''%E8%8C%B6\r\n\r\n--b\r\n\r\n--b--",
		"--b\nContent-Disposition: form-data; name=x\n\n1\n--b--\n",
		"--b\r\nContent-Disposition: form-data; name=x\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n=31\r\n--b--",
	} {
		f.Add("b", form, uint8(3))
	}
	f.Fuzz(func(t *testing.T, boundary, form string, size uint8) {
		got, err := readAll(strings.NewReader(form), boundary, small)
		for _, pieces := range []io.Reader{
			&inPieces{form, int(size) + 1}, iotest.DataErrReader(&inPieces{form, int(size)%7 + 1}),
		} {
			again, errAgain := readAll(pieces, boundary, large)
			if fmt.Sprintf("%q", again) != fmt.Sprintf("%q", got) || !errors.Is(errAgain, err) {
				t.Errorf("%q: got %q, %v; in pieces %q, %v", form, got, err, again, errAgain)
			}
		}
		want, comparable := readStandard(form, boundary)
		for i := range got {
			got[i].fileName = base(got[i].fileName)
		}
		if comparable && (fmt.Sprintf("%q", got) != fmt.Sprintf("%q", want) || err != nil) {
			t.Errorf("%q: got %q, %v; mime/multipart has %q", form, got, err, want)
		}
	})
}

// inPieces is a source that gives at most size octets at a time.
type inPieces struct {
	left string
	size int
}

func (p *inPieces) Read(b []byte) (int, error) {
	if p.left == "" {
		return 0, io.EOF
	}
	n := copy(b, p.left[:min(p.size, len(p.left))])
	p.left = p.left[n:]
	return n, nil
}

// readStandard returns the parts that mime/multipart reads. They are comparable unless it refuses the form, or the form has
// what we refuse, or read in another way:
//
//   - a boundary that RFC 2046 section 5.1.1 does not allow
//   - no last boundary: mime/multipart takes an end inside of a head for that of the form
//   - a line outside of content that ends with LF alone, though RFC 2046 has CRLF
//   - more parts or longer heads than our limits
//   - a head that is not plain
func readStandard(form, boundary string) (parts []part, comparable bool) {
	if _, err := ours.NewReader(nil, boundary, 0); err != nil {
		return nil, false
	}
	bareLF := countBareLF(form)
	last := regexp.MustCompile(`(?:^|\r\n)--` + regexp.QuoteMeta(boundary) + `--[ \t]*(?:\r\n|$)`)
	comparable = len(form) <= 8<<10 && last.MatchString(form) && !strings.Contains(form, "\n:")
	reader := multipart.NewReader(strings.NewReader(form), boundary)
	for {
		p, err := reader.NextRawPart()
		if err == io.EOF {
			return parts, comparable && len(parts) <= maxParts && bareLF == 0
		}
		if err != nil {
			return nil, false
		}
		content, err := io.ReadAll(p)
		if err != nil {
			return nil, false
		}
		bareLF -= countBareLF(string(content))
		comparable = comparable && isPlain(p.Header)
		contentType := strings.Trim(p.Header.Get("Content-Type"), " \t")
		parts = append(parts, part{unescape.Replace(p.FormName()), unescape.Replace(p.FileName()), contentType, string(content)})
	}
}

func countBareLF(s string) int { return strings.Count(s, "\n") - strings.Count(s, "\r\n") }

// mime/multipart leaves the three octets encoded that browsers encode, and takes the directories off the name of a file.
var unescape = strings.NewReplacer("%22", `"`, "%0D", "\r", "%0A", "\n")

func base(fileName string) string {
	if fileName == "" {
		return ""
	}
	return filepath.Base(fileName)
}

// isPlain reports whether a head has only one meaning: fields with names that are tokens, those that matter once; no
// transfer encoding (RFC 7578 section 4.7); and a disposition with a name that is well-formed and has no parameter twice.
// mime/multipart takes a malformed one for a part without a name, allows a parameter twice if the values are equal, and
// drops backslashes before characters other than a quote or a backslash. White space within quotes may have been a line's
// end.
func isPlain(header textproto.MIMEHeader) bool {
	for name, values := range header {
		if !token.MatchString(name) || strings.HasPrefix(name, "Content-") && len(values) > 1 {
			return false
		}
	}
	disposition := header.Get("Content-Disposition")
	if header.Get("Content-Transfer-Encoding") != "" || !plain.MatchString(disposition) {
		return false
	}
	given := map[string]bool{}
	for _, match := range parameter.FindAllStringSubmatch(disposition, -1) {
		name := strings.ToLower(match[1])
		if given[name] {
			return false
		}
		given[name] = true
	}
	return given["name"]
}

const (
	tokenPattern     = "[-!#$%&'+.^_`|~0-9A-Za-z]+"
	parameterPattern = `;[ \t]*(` + tokenPattern + `)=(?:` + tokenPattern + `|"(?:[^"\\ \t]|\\["\\])*")`
)

var (
	token     = regexp.MustCompile("^" + tokenPattern + "$")
	parameter = regexp.MustCompile(parameterPattern)
	plain     = regexp.MustCompile(`^(?i:form-data)(?:[ \t]*` + parameterPattern + `)*[ \t]*;?[ \t]*$`)
)
