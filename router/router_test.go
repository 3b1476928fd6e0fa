package router_test

import (
	"errors"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/microroute/microroute/router"
)

// compile matches whole texts with package regexp, as the package's users do.
func compile(pattern string) (func(string) bool, error) {
	re, err := regexp.Compile(`^(?:` + pattern + `)$`)
	if err != nil {
		return nil, err
	}
	return re.MatchString, nil
}

func parse(t testing.TB, text string) router.Rule {
	t.Helper()
	rule, err := router.Parse(text)
	if err != nil {
		t.Fatalf("Parse(%q): %v", text, err)
	}
	return rule
}

// build returns a router with routes like "GET /a/<int:b>"; the value of each is its text. A route without a method is
// for any.
func build(t testing.TB, routes ...string) *router.Router[string] {
	t.Helper()
	r := router.New[string](compile)
	for _, route := range routes {
		method, rule, _ := strings.Cut(route, " ")
		if err := r.Add(method, parse(t, rule), route); err != nil {
			t.Fatalf("Add(%q): %v", route, err)
		}
	}
	return r
}

func variables(m *router.Match) []string {
	var texts []string
	for i := range m.Len() {
		texts = append(texts, m.Var(i))
	}
	return texts
}

func TestMethods(t *testing.T) {
	r := build(t,
		"GET /a/<string:x>", "PUT /a/<string:y>", "HEAD /a/<string:x>",
		"GET /a/b", "POST /a/b",
		" /any/<path:p>", "GET /any/<path:p>", "GET /any/<int:n>",
	)
	tests := []struct {
		name, method, fallback, path, want string
	}{
		{"exact", "POST", "", "/a/b", "POST /a/b"},
		{"methods are case-sensitive", "post", "", "/a/b", ""},
		{"a rule without the method gives way", "PUT", "", "/a/b", "PUT /a/<string:y>"},
		{"so does a variable rule", "DELETE", "", "/any/5", " /any/<path:p>"},
		{"the method before any", "GET", "", "/any/x", "GET /any/<path:p>"},
		{"any", "BREW", "", "/any/x", " /any/<path:p>"},
		{"no method finds any", "", "", "/any/x", " /any/<path:p>"},
		{"no method finds no other", "", "", "/a/b", ""},
		{"fallback at the better rule", "HEAD", "GET", "/a/b", "GET /a/b"},
		{"fallback not needed", "HEAD", "GET", "/a/c", "HEAD /a/<string:x>"},
		{"fallback before any", "HEAD", "GET", "/any/x", "GET /any/<path:p>"},
		{"fallback at a variable", "HEAD", "GET", "/any/5", "GET /any/<int:n>"},
		{"neither", "BREW", "MIX", "/a/b", ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var m router.Match
			got, found := r.FindEither(test.method, test.fallback, test.path, &m)
			if got != test.want || found != (test.want != "") {
				t.Errorf("%s or %s %s: got %q %v, want %q", test.method, test.fallback, test.path, got, found, test.want)
			}
			if !found && m.Len() != 0 {
				t.Errorf("%s %s: not found, but there are variables %q", test.method, test.path, variables(&m))
			}
		})
	}

	lists := []struct {
		path string
		want []string
	}{
		{"/a/b", []string{"GET", "HEAD", "POST", "PUT"}},
		{"/a/c/", []string{"GET", "HEAD", "PUT"}},
		{"/a/%62", []string{"GET", "HEAD", "POST", "PUT"}},
		{"/any/5", []string{"", "GET"}},
		{"/nothing", nil},
		{"/a/%", nil},
	}
	for _, test := range lists {
		m := new(router.Match)
		if got := methods(r, test.path, m); !slices.Equal(got, test.want) || (got == nil) != (test.want == nil) {
			t.Errorf("Methods(%s): got %q, want %q", test.path, got, test.want)
		}
		if m.Len() != 0 {
			t.Errorf("Methods(%s) left variables %q", test.path, variables(m))
		}
	}
}

func TestAddTaken(t *testing.T) {
	tests := []struct{ first, second, want string }{
		{"GET /a", "GET /a", "router: rule already taken: GET /a"},
		{"GET /a/", "GET a", "router: rule already taken: GET /a"},
		{"GET /", "GET ", "router: rule already taken: GET /"},
		{" /a", " /a", "router: rule already taken: any method /a"},
		{"GET /<int:a>", "GET /<int:b>", "router: rule already taken: GET /<int:b> (as /<int:a>)"},
		{"GET /<a>", "GET /<string:a>", "router: rule already taken: GET /<string:a>"},
		{"GET /<custom=a+:x>", "GET /<custom=a+:y>", "router: rule already taken: GET /<custom=a+:y> (as /<custom=a+:x>)"},
		{"GET /a", "PUT /a", ""},
		{"GET /a", " /a", ""},
		{"GET /<int:a>", "GET /<float:a>", ""},
		{"GET /<int:a>x", "GET /<int:a>y", ""},
		{"GET /<custom=a+:x>", "GET /<custom=b+:x>", ""},
	}
	for _, test := range tests {
		r := build(t, test.first)
		method, rule, _ := strings.Cut(test.second, " ")
		err := r.Add(method, parse(t, rule), test.second)
		if test.want == "" {
			if err != nil {
				t.Errorf("%q then %q: %v", test.first, test.second, err)
			}
			continue
		}
		var taken *router.TakenError
		if !errors.As(err, &taken) || err.Error() != test.want {
			t.Errorf("%q then %q: got %v, want %v", test.first, test.second, err, test.want)
		}
	}
}

// After errors the router has the routes that it had, and takes more.
func TestAddAfterError(t *testing.T) {
	r := build(t, "GET /a/<custom=[a-z]+:x>/c")
	bad := parse(t, "/a/<custom=[a-:x>/d")
	err := r.Add("GET", bad, "bad")
	var ruleErr *router.RuleError
	if !errors.As(err, &ruleErr) || ruleErr.Pos != 3 || ruleErr.Err == nil || !errors.Is(err, ruleErr.Err) {
		t.Fatalf("Add(%s): got %v", bad, err)
	}
	if err := r.Add("GET", parse(t, "/a/<custom=[a-z]+:y>/c"), "again"); err == nil {
		t.Fatal("the same rule twice: no error")
	}
	if err := r.Add("GET", parse(t, "/a/<string:x>/d"), "next"); err != nil {
		t.Fatal(err)
	}
	var m router.Match
	for path, want := range map[string]string{"/a/b/c": "GET /a/<custom=[a-z]+:x>/c", "/a/b/d": "next"} {
		if got, _ := r.Find("GET", path, &m); got != want {
			t.Errorf("Find(%s): got %q, want %q", path, got, want)
		}
	}

	var zero router.Router[int]
	err = zero.Add("GET", parse(t, "/b/<custom=a:x>"), 1)
	if !errors.As(err, &ruleErr) || !strings.Contains(ruleErr.Fix, "New") {
		t.Errorf("custom without a compiler: got %v", err)
	}
	if err := zero.Add("GET", router.Rule{}, 2); err != nil {
		t.Fatal(err)
	}
	if got, _ := zero.Find("GET", "/", &m); got != 2 {
		t.Errorf("the zero rule: got %d, want 2", got)
	}
}

func TestFindConcurrently(t *testing.T) {
	r := build(t, "GET /a/<int:x>/<custom=[a-z]+:y>", "GET /a/b", "GET /<path:p>")
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			var m router.Match
			for path, want := range map[string]string{"/a/5/x": "5x", "/a/b": "", "/%41/b": "A/b"} {
				if _, found := r.Find("GET", path, &m); !found || strings.Join(variables(&m), "") != want {
					t.Errorf("Find(%s): got %q, want %q", path, variables(&m), want)
				}
			}
		})
	}
	wg.Wait()
}

// methods returns what Methods does, sorted and each once.
func methods[T any](r *router.Router[T], path string, m *router.Match) []string {
	list := r.Methods(path, m)
	slices.Sort(list)
	return slices.Compact(list)
}
