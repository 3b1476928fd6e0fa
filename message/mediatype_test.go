package message_test

import (
	"strconv"
	"strings"
	"testing"

	"github.com/microroute/microroute/message"
)

func TestParseMediaType(t *testing.T) {
	for _, tt := range []struct {
		rule, value string
		want        string   // the type
		params      []string // names and values in turn
	}{
		{"RFC 9110 section 8.3.1", "text/html", "text/html", nil},
		{"RFC 9110 section 8.3.1: a charset", "text/html;charset=utf-8", "text/html", []string{"charset", "utf-8"}},
		{"RFC 9110 section 8.3.1: case of type and name", `Text/HTML;Charset="utf-8"`, "text/html", []string{"charset", "utf-8"}},
		{"RFC 9110 section 8.3.1: case of the value stays", "text/html; charset=UTF-8", "text/html", []string{"charset", "UTF-8"}},
		{"RFC 9110 section 5.6.6: white space around semicolons", "a/b \t;\t c=d ; e=f ", "a/b", []string{"c", "d", "e", "f"}},
		{"RFC 9110 section 5.6.6: empty parameters", "a/b;; c=d ;", "a/b", []string{"c", "d"}},
		{"RFC 9110 section 5.6.4: a quoted string", `a/b; c="d; e=\"f\", \\"`, "a/b", []string{"c", `d; e="f", \`}},
		{"RFC 9110 section 5.6.4: an empty one", `a/b; c=""; d=e`, "a/b", []string{"c", "", "d", "e"}},
		{"RFC 9110 section 5.6.4: obs-text", "a/b; c=\"\xff\"", "a/b", []string{"c", "\xff"}},
		{"RFC 2046 section 5.1.1: a boundary", `multipart/form-data; boundary="a b:c"`, "multipart/form-data", []string{"boundary", "a b:c"}},
		{"a suffix", "application/problem+json", "application/problem+json", nil},
		{"white space at both ends", " \ttext/html ", "text/html", nil},
	} {
		m, ok := message.ParseMediaType(tt.value)
		var params []string
		for name, value := range m.Params() {
			params = append(params, name, value)
		}
		if !ok || m.Type != tt.want || strings.Join(params, "\n") != strings.Join(tt.params, "\n") {
			t.Errorf("%s: ParseMediaType(%q) = %q %q, %t, want %q %q", tt.rule, tt.value, m.Type, params, ok, tt.want, tt.params)
		}
	}
}

func TestParseMediaTypeRefuses(t *testing.T) {
	many := "a/b"
	for i := range 17 {
		many += ";p" + strconv.Itoa(i) + "=1"
	}
	for _, tt := range []struct{ rule, value string }{
		{"empty", ""},
		{"no subtype", "text"},
		{"empty subtype", "text/"},
		{"empty type", "/html"},
		{"white space around the slash", "text /html"},
		{"two slashes", "text/html/x"},
		{"no token", "te(xt)/html"},
		{"two types", "text/html, text/plain"},
		{"a parameter without a value", "a/b; c"},
		{"a parameter with an empty value", "a/b; c="},
		{"a parameter without a name", "a/b; =d"},
		{"white space around the equals sign", "a/b; c =d"},
		{"white space around the equals sign", "a/b; c= d"},
		{"more behind a value", "a/b; c=d e"},
		{"more behind a quoted string", `a/b; c="d"e`},
		{"a quoted string without an end", `a/b; c="d`},
		{"a backslash at the end", `a/b; c="d\`},
		{"a control character in a quoted string", "a/b; c=\"d\x01\""},
		{"an escaped control character", "a/b; c=\"\\\x01\""},
		{"a parameter twice", "a/b; c=d; C=e"},
		{"more parameters than anybody needs", many},
	} {
		if m, ok := message.ParseMediaType(tt.value); ok || m != (message.MediaType{}) {
			t.Errorf("%s: ParseMediaType(%q) = %+v, %t, want false", tt.rule, tt.value, m, ok)
		}
	}
}

func TestMediaTypeParam(t *testing.T) {
	m, _ := message.ParseMediaType(`multipart/form-data; Boundary="x\"y"; charset=utf-8`)
	for _, tt := range []struct {
		name, want string
		ok         bool
	}{
		{"boundary", `x"y`, true},
		{"CHARSET", "utf-8", true},
		{"bound", "", false},
		{"", "", false},
	} {
		if got, ok := m.Param(tt.name); got != tt.want || ok != tt.ok {
			t.Errorf("Param(%q) = %q, %t, want %q, %t", tt.name, got, ok, tt.want, tt.ok)
		}
	}
}

// What is accepted has a type of two tokens in small letters, and written again it is read as the same.
func FuzzParseMediaType(f *testing.F) {
	f.Add(`text/html; charset="utf-8"`)
	f.Add(`a/b;c="\"\\";;d=e `)
	f.Fuzz(func(t *testing.T, value string) {
		m, ok := message.ParseMediaType(value)
		if !ok {
			return
		}
		if strings.Count(m.Type, "/") != 1 || m.Type != strings.ToLower(m.Type) || strings.ContainsAny(m.Type, " \t;,\"") {
			t.Fatalf("ParseMediaType(%q) has type %q", value, m.Type)
		}
		again := m.Type
		for name, param := range m.Params() {
			again += "; " + name + `="` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(param) + `"`
		}
		m2, ok := message.ParseMediaType(again)
		if !ok || m2.Type != m.Type {
			t.Fatalf("ParseMediaType(%q) from %q = %+v, %t", again, value, m2, ok)
		}
		for name, param := range m.Params() {
			if got, ok := m2.Param(name); got != param || !ok {
				t.Errorf("ParseMediaType(%q): %s is %q, was %q in %q", again, name, got, param, value)
			}
		}
	})
}

func BenchmarkParseMediaType(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		m, _ := message.ParseMediaType("multipart/form-data; boundary=----WebKitFormBoundary7MA4YWxkTrZu0gW")
		m.Param("boundary")
	}
}
