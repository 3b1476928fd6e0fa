package multipart_test

import (
	"testing"

	"github.com/microroute/microroute/internal/multipart"
)

// TestHead is the grammar of a part's head (RFC 7578 section 4).
func TestHead(t *testing.T) {
	for name, test := range map[string]struct {
		head string
		want part // without content
		err  error
	}{
		"field":                       {"Content-Disposition: form-data; name=\"x\"\r\n", part{name: "x"}, nil},
		"token":                       {"Content-Disposition: form-data; name=x\r\n", part{name: "x"}, nil},
		"empty name":                  {"Content-Disposition: form-data; name=\"\"\r\n", part{}, nil},
		"file":                        {"Content-Disposition: form-data; name=\"x\"; filename=\"a.png\"\r\nContent-Type: image/png\r\n", part{"x", "a.png", "image/png", ""}, nil},
		"file, nothing chosen":        {"Content-Disposition: form-data; name=\"x\"; filename=\"\"\r\nContent-Type: application/octet-stream\r\n", part{"x", "", "application/octet-stream", ""}, nil},
		"case and order":              {"CONTENT-TYPE:a/b\r\ncontent-disposition:Form-Data;FILENAME=a;NAME=x\r\n", part{"x", "a", "a/b", ""}, nil},
		"white space":                 {"Content-Type: \t a/b \t\r\nContent-Disposition: \tform-data \t; \tname=x \t; \r\n", part{"x", "", "a/b", ""}, nil},
		"other fields and parameters": {"X-A: b\r\nContent-Disposition: form-data; a=b; name=x; size=1\r\nX-A: c\r\nX-Empty:\r\n", part{name: "x"}, nil},
		"UTF-8":                       {"Content-Disposition: form-data; name=\"größe\"; filename=\"茶.png\"\r\n", part{"größe", "茶.png", "", ""}, nil},
		"not UTF-8":                   {"Content-Disposition: form-data; name=\"gr\xf6\xdfe\"\r\n", part{name: "gr\xf6\xdfe"}, nil},
		"semicolon in quotes":         {"Content-Disposition: form-data; name=\"a;b=c; d\"\r\n", part{name: "a;b=c; d"}, nil},
		"folded":                      {"Content-Disposition: form-data;\r\n name=x;\r\n\tfilename=\"a\r\n b\"\r\n", part{"x", "a   b", "", ""}, nil},

		"escaped quote":                  {`Content-Disposition: form-data; name="a\"b"` + "\r\n", part{name: `a"b`}, nil},
		"escaped backslash":              {`Content-Disposition: form-data; name="a\\"; filename="b\\\"c"` + "\r\n", part{`a\`, `b\"c`, "", ""}, nil},
		"backslash of a browser":         {`Content-Disposition: form-data; name="a\b\(c"` + "\r\n", part{name: `a\b\(c`}, nil},
		"path of an old browser":         {`Content-Disposition: form-data; name="x"; filename="C:\tea\a.png"` + "\r\n", part{"x", `C:\tea\a.png`, "", ""}, nil},
		"path":                           {`Content-Disposition: form-data; name="x"; filename="../a.png"` + "\r\n", part{"x", "../a.png", "", ""}, nil},
		"percent of a browser":           {`Content-Disposition: form-data; name="a%22b%0D%0Ac"; filename="%22"` + "\r\n", part{"a\"b\r\nc", `"`, "", ""}, nil},
		"percent that stands for itself": {`Content-Disposition: form-data; name="%20%0d%2522%2"` + "\r\n", part{name: "%20%0d%2522%2"}, nil},

		"extended":                      {"Content-Disposition: form-data; name=x; filename*=UTF-8''%e8%8C%b6.png\r\n", part{"x", "茶.png", "", ""}, nil},
		"extended goes before":          {"Content-Disposition: form-data; name=x; filename*=utf-8'en'a%20b; filename=c\r\n", part{"x", "a b", "", ""}, nil},
		"extended name":                 {"Content-Disposition: form-data; name*=utf-8''%22\r\n", part{name: `"`}, nil},
		"extended is not decoded twice": {"Content-Disposition: form-data; name=x; filename*=utf-8''%2522\r\n", part{"x", "%22", "", ""}, nil},
		"extended, other charset":       {"Content-Disposition: form-data; name=x; filename=c; filename*=iso-8859-1''a\r\n", part{"x", "c", "", ""}, nil},
		"extended, not UTF-8":           {"Content-Disposition: form-data; name=x; filename=c; filename*=utf-8''%ff\r\n", part{"x", "c", "", ""}, nil},
		"extended, bad escape":          {"Content-Disposition: form-data; name=x; filename=c; filename*=utf-8''%f\r\n", part{"x", "c", "", ""}, nil},
		"extended, no language":         {"Content-Disposition: form-data; name=x; filename=c; filename*=utf-8'a\r\n", part{"x", "c", "", ""}, nil},
		"only one that is malformed":    {"Content-Disposition: form-data; name=x; filename*=utf-8''%ff\r\n", part{}, multipart.ErrDisposition},
		"in pieces":                     {"Content-Disposition: form-data; name=x; filename*0=a; filename*1=b\r\n", part{}, multipart.ErrDisposition},

		"transfer encoding of no effect": {"Content-Transfer-Encoding: Binary\r\nContent-Disposition: form-data; name=x\r\n", part{name: "x"}, nil},
		"transfer encoding":              {"Content-Transfer-Encoding: base64\r\nContent-Disposition: form-data; name=x\r\n", part{}, multipart.ErrEncoding},

		"no fields":                {"", part{}, multipart.ErrDisposition},
		"no disposition":           {"Content-Type: a/b\r\n", part{}, multipart.ErrDisposition},
		"other disposition":        {"Content-Disposition: attachment; name=x\r\n", part{}, multipart.ErrDisposition},
		"word that begins alike":   {"Content-Disposition: form-data2; name=x\r\n", part{}, multipart.ErrDisposition},
		"no name":                  {"Content-Disposition: form-data; filename=x\r\n", part{}, multipart.ErrDisposition},
		"no parameters":            {"Content-Disposition: form-data\r\n", part{}, multipart.ErrDisposition},
		"no semicolon":             {"Content-Disposition: form-data name=x\r\n", part{}, multipart.ErrDisposition},
		"no equals sign":           {"Content-Disposition: form-data; name\r\n", part{}, multipart.ErrDisposition},
		"no value":                 {"Content-Disposition: form-data; name=\r\n", part{}, multipart.ErrDisposition},
		"space around equals sign": {"Content-Disposition: form-data; name = x\r\n", part{}, multipart.ErrDisposition},
		"no end of the quotes":     {"Content-Disposition: form-data; name=\"x\\\"\r\n", part{}, multipart.ErrDisposition},
		"words after the quotes":   {"Content-Disposition: form-data; name=\"x\"y\r\n", part{}, multipart.ErrDisposition},
		"words after the token":    {"Content-Disposition: form-data; name=x y\r\n", part{}, multipart.ErrDisposition},
		"name twice":               {"Content-Disposition: form-data; name=x; Name=y\r\n", part{}, multipart.ErrDisposition},
		"name twice alike":         {"Content-Disposition: form-data; name=x; name=x\r\n", part{}, multipart.ErrDisposition},
		"file name twice":          {"Content-Disposition: form-data; name=x; filename=a; filename=b\r\n", part{}, multipart.ErrDisposition},
		"disposition twice":        {"Content-Disposition: form-data; name=x\r\ncontent-disposition: form-data; name=y\r\n", part{}, multipart.ErrHead},
		"type twice":               {"Content-Type: a/b\r\nContent-Disposition: form-data; name=x\r\nContent-Type: a/c\r\n", part{}, multipart.ErrHead},
		"no colon":                 {"Content-Disposition: form-data; name=x\r\nX\r\n", part{}, multipart.ErrHead},
		"no field name":            {"Content-Disposition: form-data; name=x\r\n: y\r\n", part{}, multipart.ErrHead},
		"space before the colon":   {"Content-Disposition : form-data; name=x\r\n", part{}, multipart.ErrHead},
		"folded from the start":    {" X: y\r\nContent-Disposition: form-data; name=x\r\n", part{}, multipart.ErrHead},
		"LF alone":                 {"Content-Disposition: form-data; name=x\nX: y\r\n", part{}, multipart.ErrHead},
		"CR alone":                 {"Content-Disposition: form-data; name=x\rX: y\r\n", part{}, multipart.ErrHead},
		"NUL":                      {"Content-Disposition: form-data; name=\"x\x00\"\r\n", part{}, multipart.ErrHead},
	} {
		t.Run(name, func(t *testing.T) {
			form := "--b\r\n" + test.head + "\r\n1\r\n--b--\r\n"
			if test.err != nil {
				checkForm(t, form, nil, test.err)
				return
			}
			test.want.content = "1"
			checkForm(t, form, []part{test.want}, nil)
		})
	}
}
