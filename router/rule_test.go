package router_test

import (
	"errors"
	"slices"
	"testing"

	"github.com/microroute/microroute/router"
)

func TestParse(t *testing.T) {
	type vars = []router.Variable
	tests := []struct {
		rule, text string
		variables  []router.Variable
	}{
		{"", "/", nil},
		{"/", "/", nil},
		{"a", "/a", nil},
		{"/a/b/", "/a/b", nil},
		{"/größe/50% off?", "/größe/50% off?", nil},
		{"/<x>", "/<string:x>", vars{{"x", router.String, ""}}},
		{"/<größe2>/", "/<string:größe2>", vars{{"größe2", router.String, ""}}},
		{"/v<int:_a>.<float:B1>/<path:p>/", "/v<int:_a>.<float:B1>/<path:p>",
			vars{{"_a", router.Int, ""}, {"B1", router.Float, ""}, {"p", router.Path, ""}}},
		{"/<custom=[a-c]+:x>", "/<custom=[a-c]+:x>", vars{{"x", router.Custom, "[a-c]+"}}},
		{"/<custom=a:b:x>", "/<custom=a:b:x>", vars{{"x", router.Custom, "a:b"}}},
		{"/<custom=(?:a|b)>:x>", "/<custom=(?:a|b)>:x>", vars{{"x", router.Custom, "(?:a|b)>"}}},
		{"/<custom=(?P<n>a):x>.b", "/<custom=(?P<n>a):x>.b", vars{{"x", router.Custom, "(?P<n>a)"}}},
		{"/<custom=(?<n>:a>b):x>", "/<custom=(?<n>:a>b):x>", vars{{"x", router.Custom, "(?<n>:a>b)"}}},
		{"/<custom=<a>:x>", "/<custom=<a>:x>", vars{{"x", router.Custom, "<a>"}}},
		{"/<custom=a<int:x>", "/<custom=a<int:x>", vars{{"x", router.Custom, "a<int"}}},
		{"/<custom=a:b>[<]int:x>", "/<custom=a:b>[<]int:x>", vars{{"x", router.Custom, "a:b>[<]int"}}},
		{"/<custom=a:x>/<custom=b:y>", "/<custom=a:x>/<custom=b:y>",
			vars{{"x", router.Custom, "a"}, {"y", router.Custom, "b"}}},
	}
	for _, test := range tests {
		rule, err := router.Parse(test.rule)
		if err != nil {
			t.Errorf("Parse(%q): %v", test.rule, err)
			continue
		}
		if got := rule.String(); got != test.text {
			t.Errorf("Parse(%q): got text %q, want %q", test.rule, got, test.text)
		}
		if got := rule.Variables(); !slices.Equal(got, test.variables) {
			t.Errorf("Parse(%q): got variables %v, want %v", test.rule, got, test.variables)
		}
	}
}

func TestParseErrors(t *testing.T) {
	const shared = "a custom variable beside another variable, so that neither knows where it ends "
	tests := []struct{ name, rule, want string }{
		{"unknown type", "/a/<itn:x>",
			`unknown type "itn" (at byte 3); write <int:x>; the types are string, int, float, path and custom=regex`},
		{"unknown type near nothing", "/<uuid:x>",
			`unknown type "uuid" (at byte 1); write <string:x>; the types are string, int, float, path and custom=regex`},
		{"beginning of a type", "<str:x>",
			`unknown type "str" (at byte 0); write <string:x>; the types are string, int, float, path and custom=regex`},
		{"more than a type", "/<Integer:x>",
			`unknown type "Integer" (at byte 1); write <int:x>; the types are string, int, float, path and custom=regex`},
		{"misspelt custom", "/<custm=[a-c]:x>",
			`unknown type "custm=[a-c]" (at byte 1); write <custom=[a-c]:x>; the types are string, int, float, path and custom=regex`},
		{"pattern for another type", "/<int=[a-c]:x>",
			`unknown type "int=[a-c]" (at byte 1); write <int:x>; the types are string, int, float, path and custom=regex`},
		{"only a type", "/<int>", `a variable with the name of a type (at byte 1); write <int:name> or <string:int>`},
		{"no name", "/<int:>", `bad name "" (at byte 1); name it with letters, digits and underscores: <int:name>`},
		{"nothing", "/<>", `bad name "" (at byte 1); name it with letters, digits and underscores: <string:name>`},
		{"bad name", "/<int:a-b>", `bad name "a-b" (at byte 1); name it with letters, digits and underscores: <int:name>`},
		{"name with a digit first", "/<1a>",
			`bad name "1a" (at byte 1); name it with letters, digits and underscores: <string:name>`},
		{"name that is no UTF-8", "/<a\xff>",
			`bad name "a\xff" (at byte 1); name it with letters, digits and underscores: <string:name>`},
		{"white space", "/<int: a>", `bad name " a" (at byte 1); name it with letters, digits and underscores: <int:name>`},
		{"name twice", "/<a>/b/<int:a>", `a second variable a (at byte 7); give it another name: <int:a2>`},
		{"not closed", "/<int:a", `< without > (at byte 1); write a variable as <type:name>; < cannot be literal text`},
		{"closed too late", "/<int:a/b>", `< without > (at byte 1); write a variable as <type:name>; < cannot be literal text`},
		{"opened twice", "/<<int:a>", `< without > (at byte 1); write a variable as <type:name>; < cannot be literal text`},
		{"not opened", "/int:a>", `> without < (at byte 6); write a variable as <type:name>; > cannot be literal text`},
		{"empty segment", "/a//b", `empty segment (at byte 3); write one slash instead of two`},
		{"empty segment first", "//", `empty segment (at byte 1); write one slash instead of two`},
		{"empty segment last", "/a//", `empty segment (at byte 3); write one slash instead of two`},
		{"no text between", "/<int:a><b>", `no text between two variables (at byte 8); write <int:a>-<string:b>`},
		{"nine variables", "/<a>.<b>.<c>.<d>.<e>.<f>.<g>.<h>.<i>",
			`more than 8 variables in one segment (at byte 33); take one string variable and split its text`},
		{"path before text", "/<path:a>.html",
			`something behind a path variable, which takes all the rest (at byte 9); end the rule here, or write <string:a>`},
		{"path before a segment", "/<path:a>/b",
			`something behind a path variable, which takes all the rest (at byte 9); end the rule here, or write <string:a>`},
		{"custom without pattern", "/<custom:a>", `custom without a pattern (at byte 1); write <custom=[a-z]+:a>`},
		{"custom with an empty pattern", "/<custom=:a>", `an empty pattern (at byte 1); write <custom=[a-z]+:a>`},
		{"custom without name", "/<custom=[a-z]+>",
			`a custom variable without an end (at byte 1); end it with its name: <custom=[a-z]+:name>`},
		{"custom without name before a segment", "/<custom=[a-z]+>/<int:n>",
			`a custom variable without an end (at byte 1); end it with its name: <custom=[a-z]+:name>`},
		{"custom not closed", "/<custom=[a-z]+:a",
			`a custom variable without an end (at byte 1); end it with its name: <custom=[a-z]+:name>`},
		{"slash in a pattern", "/<custom=[^/]+:a>",
			`a slash inside a custom variable (at byte 11); end it with :name> before the slash; no segment has a slash, so [^/] is just a dot`},
		{"custom before a variable", "/<custom=[a-z]+:a>-<int:b>",
			shared + `(at byte 1); put the whole segment into one pattern: <custom=[a-z]+-[0-9]+:name>`},
		{"custom before custom", "/<custom=[a-z]+:a>-<custom=(?P<n>b):b>",
			shared + `(at byte 1); put the whole segment into one pattern: <custom=[a-z]+-[0-9]+:name>`},
		{"custom next to custom", "/<custom=a:a><custom=b:b>",
			shared + `(at byte 1); put the whole segment into one pattern: <custom=[a-z]+-[0-9]+:name>`},
		{"custom before an untyped variable", "/<custom=a:x>.<y>",
			shared + `(at byte 14); put the whole segment into one pattern: <custom=[a-z]+-[0-9]+:name>`},
		{"custom behind a variable", "/<int:a>-<custom=[a-z]+:b>",
			shared + `(at byte 9); put the whole segment into one pattern: <custom=[a-z]+-[0-9]+:name>`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			rule, err := router.Parse(test.rule)
			var ruleErr *router.RuleError
			if !errors.As(err, &ruleErr) {
				t.Fatalf("Parse(%q): got %q and error %v", test.rule, rule, err)
			}
			if want := "router: rule " + test.rule + ": " + test.want; err.Error() != want {
				t.Errorf("Parse(%q):\n got %v\nwant %v", test.rule, err, want)
			}
			if ruleErr.Rule != test.rule || ruleErr.Err != nil {
				t.Errorf("Parse(%q): got rule %q and cause %v", test.rule, ruleErr.Rule, ruleErr.Err)
			}
		})
	}
}

func TestRuleOwnsItsVariables(t *testing.T) {
	rule := parse(t, "/<int:a>")
	rule.Variables()[0].Name = "changed"
	if got := rule.Variables()[0].String(); got != "<int:a>" {
		t.Errorf("after a change of the slice: got %s, want <int:a>", got)
	}
}

func TestTypeString(t *testing.T) {
	want := []string{"string", "int", "float", "custom", "path", "Type(5)"}
	for i, want := range want {
		if got := router.Type(i).String(); got != want {
			t.Errorf("type %d: got %s, want %s", i, got, want)
		}
	}
}
