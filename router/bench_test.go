package router_test

import (
	"strings"
	"testing"

	"github.com/microroute/microroute/router"
)

type request struct{ method, path string }

// BenchmarkGitHub looks up each route once per operation.
func BenchmarkGitHub(b *testing.B) {
	var literal, variable []request
	for _, route := range githubRoutes() {
		method, rule, _ := strings.Cut(route, " ")
		path, variables := examplePath(parse(b, rule))
		if len(variables) == 0 {
			literal = append(literal, request{method, path})
		} else {
			variable = append(variable, request{method, path})
		}
	}
	r := build(b, githubRoutes()...)
	b.Run("literal", func(b *testing.B) { benchmark(b, r, literal) })
	b.Run("variable", func(b *testing.B) { benchmark(b, r, variable) })
}

// BenchmarkFind is one look-up per operation.
func BenchmarkFind(b *testing.B) {
	r := build(b, append(githubRoutes(), "GET /v/<int:a>-<float:b>.<string:c>")...)
	paths := []struct{ name, path string }{
		{"literal", "/user/repos"},
		{"one variable", "/gists/4711"},
		{"two variables", "/repos/golang/go/pulls"},
		{"path variable", "/repos/golang/go/contents/src/net/http/server.go"},
		{"one segment", "/v/10-2.5.txt"},
		{"escaped", "/repos/go%6Cang/go/pulls"},
	}
	for _, test := range paths {
		b.Run(test.name, func(b *testing.B) { benchmark(b, r, []request{{"GET", test.path}}) })
	}
	b.Run("HEAD falls back", func(b *testing.B) {
		var m router.Match
		b.ReportAllocs()
		for b.Loop() {
			if _, found := r.FindEither("HEAD", "GET", "/repos/golang/go/pulls", &m); !found {
				b.Fatal("not found")
			}
		}
	})
	b.Run("nothing", func(b *testing.B) {
		var m router.Match
		b.ReportAllocs()
		for b.Loop() {
			if _, found := r.Find("GET", "/repos/golang/go/wiki", &m); found {
				b.Fatal("found")
			}
		}
	})
}

// BenchmarkHostile is the worst that 16 KB of text can cost, in nanoseconds and per byte.
func BenchmarkHostile(b *testing.B) {
	for _, test := range hostile {
		b.Run(test.name, func(b *testing.B) {
			r := build(b, "GET "+test.rule)
			path := test.path(16 << 10)
			var m router.Match
			b.SetBytes(int64(len(path)))
			b.ReportAllocs()
			for b.Loop() {
				r.Find("GET", path, &m)
			}
		})
	}
}

func benchmark(b *testing.B, r *router.Router[string], requests []request) {
	var m router.Match
	b.ReportAllocs()
	for b.Loop() {
		for _, q := range requests {
			if _, found := r.Find(q.method, q.path, &m); !found {
				b.Fatalf("%s %s not found", q.method, q.path)
			}
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*len(requests)), "ns/find")
}
