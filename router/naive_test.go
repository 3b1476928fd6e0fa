package router_test

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"github.com/microroute/microroute/router"
)

// naive is the router as one would write it without a thought of speed: every rule has a regular expression for each of
// its segments, each look-up tries all rules, and the best of those that match is the one with the least key. It shares
// no code with the package, not even the parser.
type naive struct{ routes []naiveRoute }

type naiveRoute struct {
	method   string
	rule     string
	segments []*regexp.Regexp
	key      string
	path     bool // the last variable is a path
}

// naivePart is literal text or a variable.
type naivePart struct {
	isText  bool
	text    string // literal, or the pattern of a custom variable
	typ     router.Type
	pattern string // what a variable matches, without groups
}

const naiveFloat = `[0-9]+\.?[0-9]*|\.[0-9]+`

// naiveInt matches the digits of an int64: one of fewer than 19 digits, or one of 19 that is smaller in its first
// different digit.
func naiveInt() string {
	const limit = "9223372036854775807"
	alternatives := []string{limit}
	for i := range limit {
		if limit[i] > '0' {
			alternatives = append(alternatives, fmt.Sprintf("%s[0-%c][0-9]{%d}", limit[:i], limit[i]-1, len(limit)-1-i))
		}
	}
	return "0*(?:" + strings.Join(alternatives, "|") + "|[0-9]{1,18})"
}

func (p naivePart) key() string {
	if p.isText {
		return fmt.Sprintf("0 %06d %s", 999999-len(p.text), p.text)
	}
	order := map[router.Type]int{router.Int: 1, router.Float: 2, router.Custom: 3, router.String: 4, router.Path: 5}
	return fmt.Sprintf("%d %s", order[p.typ], p.text)
}

func newNaiveRoute(method string, segments [][]naivePart) naiveRoute {
	r := naiveRoute{method: method}
	names := 0
	var keys []string
	for _, parts := range segments {
		r.rule += "/"
		var pattern strings.Builder
		for _, p := range parts {
			keys = append(keys, p.key())
			if p.isText {
				r.rule += p.text
				pattern.WriteString(regexp.QuoteMeta(p.text))
				continue
			}
			typ := p.typ.String()
			if p.typ == router.Custom {
				typ += "=" + p.text
			}
			r.rule += fmt.Sprintf("<%s:v%d>", typ, names)
			names++
			r.path = p.typ == router.Path
			pattern.WriteString("(" + p.pattern + ")")
		}
		keys = append(keys, "6 end")
		r.segments = append(r.segments, regexp.MustCompile(`^(?s:`+pattern.String()+`)$`))
	}
	r.key = strings.Join(keys, "\n")
	if r.rule == "" {
		r.rule = "/"
	}
	return r
}

// match returns the variables if the route matches the segments.
func (r naiveRoute) match(segments []string) (variables []string, matches bool) {
	if len(segments) < len(r.segments) || len(segments) > len(r.segments) && !r.path {
		return nil, false
	}
	for i, re := range r.segments {
		found := re.FindStringSubmatch(segments[i])
		if found == nil || segments[i] == "" || slices.Contains(found[1:], "") {
			return nil, false
		}
		variables = append(variables, found[1:]...)
	}
	if r.path {
		rest := append(variables[len(variables)-1:], segments[len(r.segments):]...)
		variables[len(variables)-1] = strings.Join(rest, "/")
	}
	return variables, true
}

// find returns the index of the best route, or -1, its variables, and the methods of all routes that match.
func (n *naive) find(method, fallback, path string) (best int, variables, methods []string) {
	best = -1
	var segments []string
	if !strings.HasPrefix(path, "/") {
		return best, nil, nil
	}
	if path != "/" {
		for raw := range strings.SplitSeq(strings.TrimSuffix(path[1:], "/"), "/") {
			segment, err := url.PathUnescape(raw)
			if err != nil || strings.Contains(raw, "%00") {
				return best, nil, nil
			}
			segments = append(segments, segment)
		}
	}
	wanted := []string{method, fallback, ""}
	for i, route := range n.routes {
		found, matches := route.match(segments)
		if !matches {
			continue
		}
		methods = append(methods, route.method)
		rank := slices.Index(wanted, route.method)
		if rank < 0 {
			continue
		}
		if best < 0 || cmp.Or(strings.Compare(route.key, n.routes[best].key),
			cmp.Compare(rank, slices.Index(wanted, n.routes[best].method))) < 0 {
			best, variables = i, found
		}
	}
	slices.Sort(methods)
	return best, variables, slices.Compact(methods)
}

// randomSegments returns the parts of a random rule that is allowed.
func randomSegments(random *rand.Rand) (segments [][]naivePart) {
	texts := []string{"a", "b", "ab", "aba", "-", "--", "1", "0", ".", "ö", "a-", "-1", "+", "%", "?"}
	text := func() naivePart { return naivePart{text: texts[random.IntN(len(texts))], isText: true} }
	variable := func(last bool) naivePart {
		switch random.IntN(5) {
		case 0:
			return naivePart{typ: router.Int, pattern: naiveInt()}
		case 1:
			return naivePart{typ: router.Float, pattern: naiveFloat}
		case 2:
			if last {
				return naivePart{typ: router.Path, pattern: ".+"}
			}
		}
		return naivePart{typ: router.String, pattern: ".+"}
	}
	custom := func() naivePart {
		patterns := []string{"[a-c]+", "[0-9]+", ".*b", "(?:a|1)+", "[^:]", "(?P<n>-|.+):b>", "ö*"}
		pattern := patterns[random.IntN(len(patterns))]
		return naivePart{typ: router.Custom, text: pattern, pattern: strings.ReplaceAll("(?:"+pattern+")", "(?P<n>", "(?:")}
	}
	for i, n := 0, random.IntN(4); i <= n; i++ {
		var parts []naivePart
		if random.IntN(2) == 0 {
			parts = append(parts, text())
		}
		switch kind := random.IntN(8); {
		case kind == 0:
			parts = append(parts, custom())
		case kind < 6:
			for j := range 1 + random.IntN(3) {
				if j > 0 {
					parts = append(parts, text())
				}
				parts = append(parts, variable(false))
			}
		}
		if len(parts) == 0 || random.IntN(3) == 0 && !parts[len(parts)-1].isText {
			parts = append(parts, text())
		}
		if last := &parts[len(parts)-1]; i == n && !last.isText && last.typ != router.Custom {
			*last = variable(true)
		}
		segments = append(segments, parts)
	}
	return segments
}

// randomPath returns a path that has some chance to match segments: texts are kept, variables get random text, and now
// and then something is changed or escaped.
func randomPath(random *rand.Rand, segments [][]naivePart) string {
	pieces := []string{"a", "b", "c", "1", "0", "9", "23", ".", "-", "--", "ö", "+", "a-", "?", ":b>", "/", "//"}
	var path []byte
	for _, parts := range segments {
		path = append(path, '/')
		for _, p := range parts {
			if p.isText && random.IntN(16) > 0 {
				path = append(path, strings.ReplaceAll(p.text, "%", "%25")...)
				continue
			}
			choice := pieces[:len(pieces)-2]
			switch {
			case p.typ == router.Int || p.typ == router.Float:
				choice = []string{"0", "1", "7", ".", "00", "11", "9223372036854775807", "10000000000"}
			case p.typ == router.Path:
				choice = pieces
			}
			for range 1 + random.IntN(4) {
				path = append(path, choice[random.IntN(len(choice))]...)
			}
		}
	}
	switch random.IntN(10) {
	case 0:
		at := random.IntN(len(path) + 1)
		path = slices.Insert(path, at, '/')
	case 2:
		path = append(path, '/')
	case 1:
		path = append(path, "/a"...)
	}
	return escape(random, string(path))
}

// escape escapes no byte of path, some, or slashes.
func escape(random *rand.Rand, path string) string {
	share := []int{0, 0, 4, 2}[random.IntN(4)]
	if share == 0 {
		return path
	}
	escaped := path[:1]
	for i := 1; i < len(path); i++ {
		if path[i] != '%' && random.IntN(share*(1+strings.Count(path[i:i+1], "/")*8)) == 0 {
			escaped += fmt.Sprintf([]string{"%%%02x", "%%%02X"}[random.IntN(2)], path[i])
		} else {
			escaped += path[i : i+1]
		}
	}
	return escaped
}
