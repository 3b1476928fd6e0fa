package router_test

import (
	"math"
	"strings"
	"testing"
	"time"

	"github.com/microroute/microroute/router"
)

func TestMatchOffset(t *testing.T) {
	r := build(t, "GET /<string:a>/x<string:b>.<int:c>/<path:d>")
	tests := []struct {
		path    string
		vars    [4]string
		offsets [4]int
	}{
		{"/one/xtwo.3/four/five", [4]string{"one", "two", "3", "four/five"}, [4]int{1, 6, 10, 12}},
		{"/one/xtwo.3/four/five/", [4]string{"one", "two", "3", "four/five"}, [4]int{1, 6, 10, 12}},
		{"/%6Fne/xtwo.3/four/five", [4]string{"one", "two", "3", "four/five"}, [4]int{-1, 8, 12, 14}},
		{"/one/%78tw%6F.3/four/five", [4]string{"one", "two", "3", "four/five"}, [4]int{1, -1, 14, 16}},
		{"/one/xtwo%2e3/fou%72/five", [4]string{"one", "two", "3", "four/five"}, [4]int{1, 6, 12, -1}},
		{"/one/xtwo.%33/four%2Ffive", [4]string{"one", "two", "3", "four/five"}, [4]int{1, 6, -1, -1}},
	}
	var m router.Match
	for _, test := range tests {
		if _, found := r.Find("GET", test.path, &m); !found || m.Len() != 4 {
			t.Errorf("Find(%s): got %v with %d variables", test.path, found, m.Len())
			continue
		}
		for i := range m.Len() {
			if got := m.Var(i); got != test.vars[i] {
				t.Errorf("%s: Var(%d) is %q, want %q", test.path, i, got, test.vars[i])
			}
			if got := m.Offset(i); got != test.offsets[i] {
				t.Errorf("%s: Offset(%d) is %d, want %d", test.path, i, got, test.offsets[i])
			}
		}
	}
}

func TestMatchNumbers(t *testing.T) {
	r := build(t, "GET /<int:n>/<float:f>")
	tests := []struct {
		path string
		n    int64
		f    float64
	}{
		{"/0/0", 0, 0},
		{"/007/.5", 7, 0.5},
		{"/9223372036854775807/5.", math.MaxInt64, 5},
		{"/%31%32/1%2E25", 12, 1.25},
		{"/1/" + strings.Repeat("9", 308), 1, 1e308},
		{"/1/." + strings.Repeat("0", 307), 1, 0},
		{"/1/1797693134862315708145274237317043567981", 1, 1797693134862315708145274237317043567981},
	}
	var m router.Match
	for _, test := range tests {
		if _, found := r.Find("GET", test.path, &m); !found {
			t.Errorf("Find(%s): not found", test.path)
			continue
		}
		if got := m.Int(0); got != test.n {
			t.Errorf("%s: Int(0) is %d, want %d", test.path, got, test.n)
		}
		if got := m.Float(1); got != test.f {
			t.Errorf("%s: Float(1) is %g, want %g", test.path, got, test.f)
		}
		if got := m.Float(0); got != float64(test.n) {
			t.Errorf("%s: Float(0) is %g, want %g", test.path, got, float64(test.n))
		}
	}
}

// A Match that was used before, with another router too, has the variables of the last look-up and no others.
func TestMatchIsClean(t *testing.T) {
	var m router.Match
	if _, found := build(t, "GET /<string:a>").Find("GET", "/1", &m); !found || m.Len() != 1 {
		t.Fatalf("Find(/1): got %v with %d variables", found, m.Len())
	}
	r := build(t, "GET /<string:a>/<string:b>/<string:c>", "GET /<string:a>", "GET /x")
	for _, path := range []string{"/1/2/3", "/x", "/1/2/3", "/1", "/1/2/3", "/1/2", "/1/2/3", "", "/1/2/3", "/%"} {
		value, _ := r.Find("GET", path, &m)
		if want := strings.Count(value, "<"); m.Len() != want {
			t.Errorf("Find(%q): %d variables, want %d", path, m.Len(), want)
		}
	}
	defer func() {
		if recover() == nil {
			t.Error("Var(0) of a Match without variables did not panic")
		}
	}()
	_ = m.Var(0)
}

func TestNoAllocations(t *testing.T) {
	r := build(t, "GET /a/b/c", "GET /a/<string:x>/<int:y>", "GET /<float:f>-<int:n>", "GET /p/<path:p>",
		"GET /c/<custom=[a-z]+:x>")
	const long = "/0000000000000000000000000000000000000000000000000000000001797693134862315708145.27423731-9223372036854775807"
	for _, path := range []string{
		"/a/b/c", "/a/b/c/", "/a/b/17", "/a/%62/%31", "/1.5-7", long, "/p/x/y%2Fz", "/c/abc", "/nothing", "/a/b/%",
	} {
		var m router.Match
		r.Find("GET", path, &m) // lets the Match grow
		var sum float64
		got := testing.AllocsPerRun(100, func() {
			r.FindEither("HEAD", "GET", path, &m)
			for i := range m.Len() {
				sum += float64(m.Int(i)) + float64(m.Offset(i))
				if m.Var(i)[0] <= '9' {
					sum += m.Float(i)
				}
			}
		})
		if got != 0 {
			t.Errorf("Find(%s): %v allocations", path, got)
		}
	}
}

// hostile are rules and paths that make a backtracking matcher try every way to divide the text. The path ends so that
// nothing matches.
var hostile = []struct {
	name string
	path func(n int) string
	rule string
}{
	{"dashes", func(n int) string { return "/" + strings.Repeat("-", n) }, "/<string:a>-<string:b>-<string:c>.x"},
	{"dashes, last text matches", func(n int) string { return "/" + strings.Repeat("-", n) + ".x" },
		"/<string:a>-<string:b>-<int:c>.x"},
	{"eight variables", func(n int) string { return "/" + strings.Repeat("-", n) + "x" },
		"/<a>-<b>-<c>-<d>-<e>-<f>-<g>-<int:h>"},
	{"long texts", func(n int) string { return "/" + strings.Repeat("ab", n/2) + "x" },
		"/<a>abababab<b>abababab<c>abababab<int:d>"},
	{"zeros", func(n int) string { return "/" + strings.Repeat("0", n) + "x" }, "/<int:a>0<int:b>0<int:c>0<int:d>"},
	{"zeros with an end", func(n int) string { return "/" + strings.Repeat("0", n) + "-x" }, "/<int:a>0<int:b>0<int:c>-<int:d>"},
	{"ones", func(n int) string { return "/" + strings.Repeat("1", n) }, "/<int:a>1<int:b>1<int:c>1<int:d>"},
	{"two halves", func(n int) string { return "/" + strings.Repeat("0", n/2) + strings.Repeat("x0", n/4) + "y" },
		"/<int:a>0<int:b>x<string:c>0<int:d>"},
	{"dots", func(n int) string { return "/" + strings.Repeat(".", n) }, "/<float:a>.<float:b>.<float:c>"},
	{"floats", func(n int) string { return "/" + strings.Repeat("0.", n/2) + "x" }, "/<string:a>0<float:b>.<float:c>"},
	{"dashes before a path", func(n int) string { return "/" + strings.Repeat("-", n) + "/" },
		"/<string:a>-<string:b>-<int:c>-<path:d>"},
	{"many segments", func(n int) string { return strings.Repeat("/1", n/2) }, "/<int:a>/<int:b>/x"},
}

// Sixteen times the text may take sixteen times the time, and somewhat more for what is not measured well; a quadratic
// search would take 256 times as long.
func TestHostileTextTakesLinearTime(t *testing.T) {
	const short, factor = 1 << 10, 16
	for _, test := range hostile {
		t.Run(test.name, func(t *testing.T) {
			r := build(t, "GET "+test.rule)
			var m router.Match
			fastest := func(path string, times int) time.Duration {
				best := time.Duration(math.MaxInt64)
				for range 10 {
					start := time.Now()
					for range times {
						if _, found := r.Find("GET", path, &m); found {
							t.Fatalf("%.40s… matches %s as %.80q", path, test.rule, variables(&m))
						}
					}
					best = min(best, time.Since(start))
				}
				return best
			}
			small, large := fastest(test.path(short), factor), fastest(test.path(short*factor), 1)
			if large > 6*small {
				t.Errorf("%s: %d times the text takes %d times as long", test.rule, factor, factor*large/small)
			}
		})
	}
}
