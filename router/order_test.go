package router_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/microroute/microroute/router"
)

// Each list is in the order in which its rules match the path, the best first. The first is the one of the package
// comment.
var orders = []struct {
	name, path string
	rules      []string
}{
	{"all types", "/v/10.txt", []string{
		"/v/10.txt",
		"/v/10<string:a>",
		"/v/1<int:a>.txt",
		"/v/<int:a>.txt",
		"/v/<float:a>txt",
		"/v/<custom=[0-9a-z.]+:a>",
		"/v/<string:a>.txt",
		"/v/<string:a>",
		"/v/<path:a>",
		"/<string:a>/10.txt",
		"/<path:a>",
	}},
	{"one segment", "/5", []string{
		"/5", "/<int:a>", "/<float:a>", "/<custom=[0-9]:a>", "/<custom=[4-6]:a>", "/<string:a>", "/<path:a>",
	}},
	{"the left decides", "/1/2/3", []string{
		"/1/<string:a>/<string:b>", "/<int:a>/2/<string:b>", "/<int:a>/<int:b>/<path:c>", "/<string:a>/2/3", "/<path:a>",
	}},
	{"more parts first", "/1-2-3", []string{
		"/<int:a>-<int:b>-<int:c>", "/<int:a>-<string:b>", "/<string:a>-<int:b>-<int:c>", "/<string:a>-<int:b>",
		"/<string:a>-<path:b>", "/<string:a>",
	}},
	{"longer text first", "/aab.tar.gz", []string{
		"/aa<string:x>.gz", "/a<string:x>.tar.gz", "/a<string:x>.gz", "/a<path:x>", "/<string:x>.tar.gz", "/<string:x>.gz",
	}},
	{"more parts first, behind the same text", "/x-y-", []string{"/<string:a>-<string:b>", "/<string:a>-", "/<string:a>"}},
	{"path last", "/a/x/y", []string{"/a/<path:p>", "/<string:a>/x/y", "/<path:p>"}},
	{"back over several segments", "/1/2/3/4", []string{
		"/<int:a>/<int:b>/<int:c>/<int:d>", "/<int:a>/<int:b>/<string:c>/4", "/<int:a>/<string:b>/3/4",
		"/<int:a>/<path:b>", "/<string:a>/2/3/4", "/<string:a>/<path:b>",
	}},
}

// The best of the rules that are there wins: whatever the order in which they were added, and with every one of them as
// the best. A rule that lacks the method is as good as absent.
func TestOrder(t *testing.T) {
	for _, order := range orders {
		t.Run(order.name, func(t *testing.T) {
			random := rand.New(rand.NewPCG(1, 2))
			for range 20 {
				for best := range order.rules {
					r := router.New[string](compile)
					shuffled := slices.Clone(order.rules)
					random.Shuffle(len(shuffled), func(i, j int) { shuffled[i], shuffled[j] = shuffled[j], shuffled[i] })
					for _, rule := range shuffled {
						method := "GET"
						if slices.Index(order.rules, rule) < best {
							method = "PUT"
						}
						if err := r.Add(method, parse(t, rule), rule); err != nil {
							t.Fatal(err)
						}
					}
					var m router.Match
					if got, _ := r.Find("GET", order.path, &m); got != order.rules[best] {
						t.Fatalf("added %q, %s: got %s, want %s", shuffled, order.path, got, order.rules[best])
					}
				}
			}
		})
	}
}

// The rule that is best at first must not win if it does not match to its end.
func TestBacktracking(t *testing.T) {
	r := build(t, "GET /a/<int:x>/b", "GET /a/<string:y>/c", "GET /a/5/d", "GET /<path:p>")
	tests := []struct{ path, want, variable string }{
		{"/a/5/b", "GET /a/<int:x>/b", "5"},
		{"/a/5/c", "GET /a/<string:y>/c", "5"},
		{"/a/5/d", "GET /a/5/d", ""},
		{"/a/6/d", "GET /<path:p>", "a/6/d"},
		{"/a/5", "GET /<path:p>", "a/5"},
	}
	for _, test := range tests {
		var m router.Match
		got, _ := r.Find("GET", test.path, &m)
		variable := ""
		if m.Len() > 0 {
			variable = m.Var(0)
		}
		if got != test.want || variable != test.variable {
			t.Errorf("%s: got %s with %q, want %s with %q", test.path, got, variable, test.want, test.variable)
		}
	}
}

// The rules are all ways to choose one of two types for each of eight segments. A search that came to a node more than
// once would ask its custom matcher more than once.
func TestEachNodeIsEnteredOnce(t *testing.T) {
	const depth = 8
	var asked int
	r := router.New[string](func(string) (func(string) bool, error) {
		return func(string) bool { asked++; return true }, nil
	})
	for choice := range 1 << depth {
		var rule string
		for i := range depth {
			if choice&(1<<i) == 0 {
				rule += fmt.Sprintf("/<custom=a:v%d>", i)
			} else {
				rule += fmt.Sprintf("/<string:v%d>", i)
			}
		}
		if err := r.Add("GET", parse(t, rule+"/end"), rule); err != nil {
			t.Fatal(err)
		}
	}
	var m router.Match
	if value, found := r.Find("GET", strings.Repeat("/a", depth)+"/other", &m); found {
		t.Fatalf("found %s", value)
	}
	if want := 1<<depth - 1; asked != want { // as many as there are nodes before the last segment
		t.Errorf("the custom matchers were asked %d times, want %d", asked, want)
	}
}
