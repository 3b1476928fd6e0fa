package router_test

import (
	"errors"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/microroute/microroute/router"
)

// checkFind makes routes of seed and compares the router with the naive one: the same route wins, with the same
// variables, for path and for some paths that are made of the rules. It returns how many look-ups found something.
func checkFind(t *testing.T, seed uint64, path string) (found, all int) {
	random := rand.New(rand.NewPCG(seed, 0))
	r := router.New[int](compile)
	var n naive
	paths := []string{path}
	for range 1 + random.IntN(12) {
		segments := randomSegments(random)
		route := newNaiveRoute([]string{"GET", "HEAD", ""}[random.IntN(3)], segments)
		err := r.Add(route.method, parse(t, route.rule), len(n.routes))
		taken := slices.ContainsFunc(n.routes, func(other naiveRoute) bool {
			return other.method == route.method && other.key == route.key
		})
		if got := errors.As(err, new(*router.TakenError)); got != taken || err != nil && !got {
			t.Fatalf("Add(%q, %s): got %v, want taken %v", route.method, route.rule, err, taken)
		}
		if !taken {
			n.routes = append(n.routes, route)
		}
		for range 4 {
			paths = append(paths, randomPath(random, segments))
		}
	}
	var m router.Match
	for _, path := range paths {
		for _, method := range []string{"GET", "HEAD", "PUT"} {
			wantRoute, wantVars, wantMethods := n.find(method, "GET", path)
			gotRoute, ok := r.FindEither(method, "GET", path, &m)
			if ok {
				found++
			} else {
				gotRoute = -1
			}
			all++
			if vars := variables(&m); gotRoute != wantRoute || !slices.Equal(vars, wantVars) {
				t.Fatalf("routes %s\n%s %q:\n got route %d, %q\nwant route %d, %q",
					n.text(), method, path, gotRoute, vars, wantRoute, wantVars)
			}
			checkOffsets(t, path, &m)
			if got := methods(r, path, &m); !slices.Equal(got, wantMethods) {
				t.Fatalf("routes %s\nMethods(%q): got %q, want %q", n.text(), path, got, wantMethods)
			}
		}
	}
	return found, all
}

func (n *naive) text() string {
	var text strings.Builder
	for _, route := range n.routes {
		text.WriteString("\n" + route.method + " " + route.rule)
	}
	return text.String()
}

// checkOffsets checks that the variables are in path, in order, where Offset says, except those with escapes.
func checkOffsets(t *testing.T, path string, m *router.Match) {
	end := 0
	for i := range m.Len() {
		text, at := m.Var(i), m.Offset(i)
		switch {
		case at < 0 && strings.Contains(path[end:], "%"):
		case at < end || path[at:at+len(text)] != text || strings.Contains(text, "%"):
			t.Fatalf("%q: variable %d is %q, but Offset says %d", path, i, text, at)
		default:
			end = at + len(text)
		}
	}
}

func TestFindAgainstNaive(t *testing.T) {
	found, all := 0, 0
	for seed := range uint64(500) {
		f, a := checkFind(t, seed, "/")
		found, all = found+f, all+a
	}
	if found < all/4 || found > all*9/10 {
		t.Errorf("%d of %d look-ups found something; a test that finds seldom or always shows little", found, all)
	}
}

func FuzzFind(f *testing.F) {
	for seed, path := range []string{"/", "//", "/a", "/a-1.5/b%2Fc/", "/%61//1", "/%", "", "/ö/%c3%b6", "/-1-1.1.1-a"} {
		f.Add(uint64(seed), path)
	}
	f.Fuzz(func(t *testing.T, seed uint64, path string) { checkFind(t, seed, path) })
}

func FuzzParse(f *testing.F) {
	for _, rule := range []string{
		"", "/", "//", "/a/<x>/", "/<int:a>-<float:b>.<string:c>/<path:d>", "/<custom=(?P<n>[a-c]:):x>.b", "<:>",
		"/<custom=a:x>-<int:y>", "/<custom=[^/]:x>", "/<custom=:x>", "/<ö>",
	} {
		f.Add(rule)
	}
	f.Fuzz(func(t *testing.T, text string) {
		rule, err := router.Parse(text)
		if err != nil {
			var ruleErr *router.RuleError
			if !errors.As(err, &ruleErr) || ruleErr.Pos < 0 || ruleErr.Pos > len(text) || ruleErr.Reason == "" || ruleErr.Fix == "" {
				t.Fatalf("Parse(%q): bad error %#v", text, err)
			}
			return
		}
		again, err := router.Parse(rule.String())
		if err != nil || !reflect.DeepEqual(again, rule) {
			t.Fatalf("Parse(%q) is %#v, its text %q is %#v, error %v", text, rule, rule, again, err)
		}
	})
}
