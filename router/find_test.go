package router_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/microroute/microroute/router"
)

func TestFind(t *testing.T) {
	tests := []struct {
		name, rule, path string
		want             []string // variables; nil if the rule must not match
	}{
		{"root", "/", "/", []string{}},
		{"root written as nothing", "", "/", []string{}},
		{"root does not match two slashes", "/", "//", nil},
		{"root does not match the empty path", "/", "", nil},
		{"literal", "/hello", "/hello", []string{}},
		{"rule without slash", "hello", "/hello", []string{}},
		{"path without slash", "/hello", "hello", nil},
		{"path with something else for the slash", "/ello", "hello", nil},
		{"asterisk", "/<path:p>", "*", nil},
		{"case matters", "/hello", "/Hello", nil},
		{"slash behind the path", "/hello", "/hello/", []string{}},
		{"slash behind the rule", "/hello/", "/hello", []string{}},
		{"two slashes behind the path", "/hello", "/hello//", nil},
		{"two slashes inside the path", "/a/b", "/a//b", nil},
		{"dot is literal", "/lit.dot", "/litXdot", nil},
		{"plus is literal", "/a+b", "/a+b", []string{}},
		{"percent is literal", "/50%", "/50%25", []string{}},
		{"percent is not an escape in rules", "/a%20b", "/a%20b", nil},
		{"literal escaped", "/hello", "/h%65llo", []string{}},
		{"literal beyond ASCII", "/größe", "/gr%C3%B6%c3%9fe", []string{}},
		{"literal beyond ASCII unescaped", "/größe", "/größe", []string{}},

		{"string", "/s/<string:x>", "/s/miui12.5", []string{"miui12.5"}},
		{"string is the default", "/s/<x>", "/s/5apple", []string{"5apple"}},
		{"string has no slash", "/s/<string:x>", "/s/a/b", nil},
		{"string is not empty", "/s/<string:x>", "/s/", nil},
		{"string is not empty inside", "/s/<string:x>/t", "/s//t", nil},
		{"string decoded", "/s/<string:x>", "/s/a%20b+c", []string{"a b+c"}},
		{"escaped slash never separates", "/s/<string:x>/t", "/s/a%2Fb/t", []string{"a/b"}},
		{"escaped slash is not in a literal", "/s/t", "/s%2Ft", nil},
		{"escaped slash behind the path", "/s/<string:x>", "/s/a%2F", []string{"a/"}},
		{"slash behind a variable", "/s/<string:x>", "/s/a/", []string{"a"}},
		{"malformed escape", "/s/<string:x>", "/s/%zz", nil},
		{"half an escape", "/s/<string:x>", "/s/%4", nil},
		{"only a percent", "/s/<string:x>", "/s/%", nil},
		{"bad second digit", "/s/<string:x>", "/s/%4g", nil},
		{"malformed escape elsewhere", "/s/<path:x>", "/s/a/b/%", nil},
		{"escaped NUL", "/s/<string:x>", "/s/a%00", nil},

		{"int", "/i/<int:x>", "/i/007", []string{"007"}},
		{"int escaped", "/i/<int:x>", "/i/%31%32", []string{"12"}},
		{"int has no sign", "/i/<int:x>", "/i/+5", nil},
		{"int is not negative", "/i/<int:x>", "/i/-5", nil},
		{"int has no dot", "/i/<int:x>", "/i/100.0", nil},
		{"int has no letters", "/i/<int:x>", "/i/12a", nil},
		{"int is ASCII", "/i/<int:x>", "/i/٣", nil},
		{"int at the limit", "/i/<int:x>", "/i/9223372036854775807", []string{"9223372036854775807"}},
		{"int with zeros at the limit", "/i/<int:x>", "/i/0009223372036854775807", []string{"0009223372036854775807"}},
		{"int beyond the limit", "/i/<int:x>", "/i/9223372036854775808", nil},
		{"int far beyond the limit", "/i/<int:x>", "/i/18446744073709551617", nil},

		{"float", "/f/<float:x>", "/f/100.23456", []string{"100.23456"}},
		{"float without dot", "/f/<float:x>", "/f/20", []string{"20"}},
		{"float dot first", "/f/<float:x>", "/f/.5", []string{".5"}},
		{"float dot last", "/f/<float:x>", "/f/5.", []string{"5."}},
		{"float only dot", "/f/<float:x>", "/f/.", nil},
		{"float two dots", "/f/<float:x>", "/f/1.2.3", nil},
		{"float has no sign", "/f/<float:x>", "/f/-1.5", nil},
		{"float has no exponent", "/f/<float:x>", "/f/1e3", nil},
		{"float is no word", "/f/<float:x>", "/f/inf", nil},
		{"float of 308 bytes", "/f/<float:x>", "/f/" + strings.Repeat("9", 308), []string{strings.Repeat("9", 308)}},
		{"float of 309 bytes", "/f/<float:x>", "/f/" + strings.Repeat("9", 309), nil},

		{"custom", "/c/<custom=[a-c]+:x>", "/c/abc", []string{"abc"}},
		{"custom with a group", "/c/<custom=([a-c]+):x>", "/c/abc", []string{"abc"}},
		{"custom matches all of the text", "/c/<custom=[a-c]+:x>", "/c/abcd", nil},
		{"custom sees decoded text", "/c/<custom=.b.:x>", "/c/%61%62%2F", []string{"ab/"}},
		{"custom with text beside", "/c/v<custom=[0-9.]+:x>.zip", "/c/v1.2.zip", []string{"1.2"}},
		{"custom is not empty", "/c/v<custom=[0-9]*:x>", "/c/v", nil},

		{"path", "/p/<path:x>", "/p/a/b/c", []string{"a/b/c"}},
		{"path of one segment", "/p/<path:x>", "/p/a", []string{"a"}},
		{"path is not empty", "/p/<path:x>", "/p/", nil},
		{"path is not empty either", "/p/<path:x>", "/p", nil},
		{"path from the root", "/<path:x>", "/a/b", []string{"a/b"}},
		{"path from the root is not the root", "/<path:x>", "/", nil},
		{"path without the slash behind", "/p/<path:x>", "/p/a/b/", []string{"a/b"}},
		{"path with one of two slashes behind", "/p/<path:x>", "/p/a//", []string{"a/"}},
		{"path does not begin with a slash", "/p/<path:x>", "/p//a", nil},
		{"path keeps empty segments", "/p/<path:x>", "/p/http://a//b", []string{"http://a//b"}},
		{"path decoded", "/p/<path:x>", "/p/a%2Fb/%C3%BC/c%20d", []string{"a/b/ü/c d"}},
		{"path behind text", "/p/img-<path:x>", "/p/img-a/b", []string{"a/b"}},
		{"path behind text does not begin with a slash", "/p/img-<path:x>", "/p/img-/a", nil},
		{"path behind a variable", "/p/<string:x>-<path:y>", "/p/a-b-c/d-e", []string{"a-b", "c/d-e"}},
		{"path behind a variable in its segment", "/p/<string:x>-<path:y>", "/p/a/b-c", nil},
		{"path goes on in its own segment", "/p/<string:x>-<path:y>", "/p/a-b-/d", []string{"a", "b-/d"}},
		{"path keeps dot segments", "/p/<path:x>", "/p/../a", []string{"../a"}},

		{"two ints", "/two/<int:a>-<int:b>", "/two/10-20", []string{"10", "20"}},
		{"text before", "/pre<int:a>", "/pre5", []string{"5"}},
		{"text behind", "/suf/<string:x>.html", "/suf/abc.html", []string{"abc"}},
		{"text behind but no variable", "/suf/<string:x>.html", "/suf/.html", nil},
		{"texts may not overlap", "/aba<string:x>aba", "/ababa", nil},
		{"leftmost takes most", "/<string:a>-<string:b>", "/x-y-z", []string{"x-y", "z"}},
		{"leftmost gives back", "/<string:a>-<string:b>-<int:c>", "/x-1-y-2-3", []string{"x-1-y", "2", "3"}},
		{"leftmost gives back more", "/<string:a>-<int:b>x<string:c>", "/a-1-2x3-4y", []string{"a-1", "2", "3-4y"}},
		{"an int takes what fits", "/<int:a>1<int:b>", "/" + strings.Repeat("1", 30),
			[]string{strings.Repeat("1", 19), strings.Repeat("1", 10)}},
		{"a float may need its dot", "/<string:a>-<float:b>-<float:c>", "/-1-2.-.5", []string{"-1", "2.", ".5"}},
		{"a float takes the only dot", "/<float:a>.<float:b>", "/1.2.3", []string{"1.2", "3"}},
		{"a float leaves the dot", "/<float:a>.<int:b>", "/1.2", []string{"1", "2"}},
		{"a float behind a dot", "/<string:a>x<float:b>y<string:c>", "/.x.5y.x.y1", []string{".", ".5", ".x.y1"}},
		{"a dot alone is no float, with more before it is", "/<string:a>0<float:b>", "/x00.", []string{"x", "0."}},
		{"the same inside", "/<string:a>0<float:b>y<int:c>", "/x00.y1", []string{"x", "0.", "1"}},
		{"eight variables", "/<a>.<b>.<c>.<d>.<e>.<f>.<g>.<h>", "/1.2.3.4.5.6.7.8", strings.Split("12345678", "")},
		{"more segments than any rule", "/a/<string:x>", "/a/b/c/d/e/f", nil},
		{"fewer segments than the rule", "/a/<string:x>/c", "/a/b", nil},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			r := build(t, "GET "+test.rule)
			var m router.Match
			value, found := r.Find("GET", test.path, &m)
			got := variables(&m)
			if found != (test.want != nil) || !slices.Equal(got, test.want) {
				t.Fatalf("rule %s, path %s: got %v %q, want %v %q", test.rule, test.path, found, got, test.want != nil, test.want)
			}
			if want := "GET " + test.rule; found && value != want {
				t.Errorf("rule %s, path %s: got value %q, want %q", test.rule, test.path, value, want)
			}
		})
	}
}
