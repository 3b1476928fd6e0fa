package microroute_test

import (
	"slices"
	"testing"

	"github.com/microroute/microroute"
)

func TestMakePath(t *testing.T) {
	for _, test := range []struct {
		segments []string
		want     string
	}{
		{nil, "/"}, {[]string{"api", "goods"}, "/api/goods"}, {[]string{"a b", "c/d"}, "/a%20b/c%2Fd"}, {[]string{"ü?"}, "/%C3%BC%3F"},
		{[]string{"a", ""}, "/a/"}, {[]string{"50%"}, "/50%25"},
	} {
		if got := microroute.MakePath(test.segments); got != test.want {
			t.Errorf("MakePath(%q): got %q, want %q", test.segments, got, test.want)
		}
	}
}

func TestSplitURL(t *testing.T) {
	for url, want := range map[string][]string{
		"":                           nil,
		"/":                          nil,
		"/hello/world":               {"hello", "world"},
		"hello/world/":               {"hello", "world"},
		"/a%20b/c%2Fd?e=f/g":         {"a b", "c/d"},
		"/a#b/c":                     {"a"},
		"?c=/1":                      nil,
		"https://a.test":             nil,
		"https://a.test?c=1":         nil,
		"https://a.test/b/?c":        {"b"},
		"/a?c=http://b.test/d":       {"a"},
		"/proxy/http://b.test/d?c=1": {"proxy", "http:", "", "b.test", "d"},
	} {
		if got := microroute.SplitURL(url); !slices.Equal(got, want) {
			t.Errorf("SplitURL(%q): got %q, want %q", url, got, want)
		}
	}
}

func TestMakePathAndSplitURLAreInverse(t *testing.T) {
	for _, segments := range [][]string{nil, {"a"}, {"a", "b"}, {"a b", "c/d", "e?f#g", "ü"}, {"..", "."}, {"a", "", "b"}} {
		path := microroute.MakePath(segments)
		if got := microroute.SplitURL(path); !slices.Equal(got, segments) {
			t.Errorf("SplitURL(%q): got %q, want %q", path, got, segments)
		}
	}
}

func TestParseURL(t *testing.T) {
	for url, want := range map[string]string{
		"": "/", "/": "/", "a": "/a", "/a/": "/a", "//a///b": "/a/b", "/a/./b/../c": "/a/c", "../../a": "/a", "/a/..": "/",
	} {
		if got := microroute.ParseURL(url); got != want {
			t.Errorf("ParseURL(%q): got %q, want %q", url, got, want)
		}
	}
}

func TestEscapeChars(t *testing.T) {
	for text, want := range map[string]string{
		"": "", "plain": "plain", "&lt;b&gt;": "<b>", "&quot;&apos;&#39;": `"''`, "&amp;lt;": "&lt;", "&#x263A;&eacute;": "☺é", "a & b": "a & b",
	} {
		if got := microroute.EscapeChars(text); got != want {
			t.Errorf("EscapeChars(%q): got %q, want %q", text, got, want)
		}
	}
}
