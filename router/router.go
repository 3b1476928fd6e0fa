// Package router finds the value that belongs to a method and a path.
//
// A rule is a path with variables, such as /goods/<string:name>/<float:price>. A [Router] keeps one value of any type
// for each pair of method and rule. It knows no HTTP: methods are opaque texts, compared byte for byte, and what to do
// with the value, with HEAD, or with a path that no rule matches is left to the caller.
//
//	r := router.New[string](nil)
//	rule, err := router.Parse("/hello/<string:name>")
//	err = r.Add("GET", rule, "greet")
//
//	var m router.Match
//	value, found := r.Find("GET", "/hello/world", &m)   // "greet", true; m.Var(0) is "world"
//
// [Parse] says how rules are written.
//
// # Paths
//
// A path is given as it was sent, with its percent-escapes. It is split at its slashes first and decoded then, so an
// escaped slash (%2F) never separates: it becomes a slash inside the text of a variable. Case matters. One trailing
// slash makes no difference, neither in a rule nor in a path: it belongs to no variable. An empty segment (as in /a//b)
// matches nothing; only within a path variable, behind its first segment, it is kept as it was sent, so that
// /proxy/<path:url> can take /proxy/http://example.com. Dot segments have no meaning here and may be in a variable. A
// path with a malformed escape or with %00 matches no rule, nor does one that does not begin with a slash.
//
// # Which rule wins
//
// Where several rules match, the most specific wins, whatever the order in which they were added. Two rules are
// compared segment by segment from the left, and two segments part by part:
//
//	literal text (the longer one first), int, float, custom, string, path
//
// If all parts are equal until one segment ends, the one with more parts comes first; two different custom variables
// are ordered by the text of their patterns. So the path /v/10.txt is matched by each of these rules, best first:
//
//	/v/10.txt
//	/v/10<string:a>
//	/v/1<int:a>.txt
//	/v/<int:a>.txt
//	/v/<float:a>txt
//	/v/<custom=[0-9a-z.]+:a>
//	/v/<string:a>.txt
//	/v/<string:a>
//	/v/<path:a>
//	/<string:a>/10.txt
//	/<path:a>
//
// A rule that does not match to its end, or that lacks the method, gives way to the next one in this order.
//
// Inside a segment each variable takes as much as it can, the leftmost first, as in a regular expression:
// /<string:a>-<string:b> splits x-y-z into x-y and z.
//
// # Cost
//
// Rules share the nodes of a tree, one node for each different beginning, and a look-up enters each node at most once,
// because there is one way to it. The variables of a segment are found in time proportional to its length, each. So the
// most that a hostile path can cost is its length times the number of variables in all rules, and what custom matchers
// take. A look-up allocates nothing once its [Match] has grown.
package router

// A Router holds values under methods and rules. The zero Router is ready for rules without custom variables; [New]
// makes one that has them too. Any number of goroutines may look things up at once, each with its own [Match], after the
// last Add has returned.
type Router[T any] struct {
	compile func(pattern string) (func(text string) bool, error)
	tree    tree
	values  []T
}

// New returns an empty Router. Add calls compile with the pattern of each custom variable and keeps what it returns,
// which is then asked, by many goroutines at once, whether all of a decoded text matches the pattern: for package regexp
// that means to compile `^(?:` + pattern + `)$`. The text is never empty, is valid only during the call, and holds a
// slash only if that was escaped. With a nil compile, rules with custom variables cannot be added.
func New[T any](compile func(pattern string) (func(text string) bool, error)) *Router[T] {
	return &Router[T]{compile: compile}
}

// Add registers value under method and rule. The empty method stands for any method that the rule has no value for.
// The error is a [*TakenError] if the rule has a value for this method already, where the names of variables do not
// count, or a [*RuleError] if a custom pattern cannot be compiled. After an error the Router is as it was before.
func (r *Router[T]) Add(method string, rule Rule, value T) error {
	err := r.tree.add(route{method: method, rule: rule.String(), value: len(r.values)}, rule, r.compile)
	if err != nil {
		return err
	}
	r.values = append(r.values, value)
	return nil
}

// Find returns the value of the most specific rule that matches path and has a value for method, or else for any
// method. It leaves the variables of that rule in m, which must not be nil; m has none if nothing was found.
func (r *Router[T]) Find(method, path string, m *Match) (value T, found bool) {
	return r.FindEither(method, "", path, m)
}

// FindEither is [Router.Find] for two methods: every rule that matches is asked for method, then for fallback, then for
// any method, before a less specific rule is. So a HEAD that falls back to GET takes the GET of /a/b even if
// /a/<string:x> has a HEAD of its own.
func (r *Router[T]) FindEither(method, fallback, path string, m *Match) (value T, found bool) {
	var s search // not a literal, which would be built elsewhere and copied: a seventh of a look-up
	s.m, s.method, s.fallback = m, method, fallback
	if route := r.tree.find(&s, path); route != nil {
		return r.values[route.value], true
	}
	return value, false
}

// Methods returns the methods of all rules that match path, in no particular order and some perhaps twice; the empty one is
// among them if a rule takes any method. It is nil if no rule matches. It allocates, and leaves m without variables.
func (r *Router[T]) Methods(path string, m *Match) []string {
	var methods []string
	r.tree.find(&search{m: m, methods: &methods}, path)
	return methods
}
