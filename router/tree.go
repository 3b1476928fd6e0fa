package router

import "strings"

// A tree holds the routes. Each node stands for the beginning of a rule, the root for the rule /, and there is one node
// for all rules that begin with the same segments, whatever the names of their variables.
type tree struct {
	root      node
	literals  map[string]*node // a shortcut to the rules without variables: "/a/b", and "" for the rule /
	lengths   uint64           // bit n is set if a key of literals has n bytes, bit 63 also for longer ones
	depth     int              // segments of the longest rule
	variables int              // of the rule that has the most
}

type node struct {
	literals literals // children whose segment is text
	edges    []edge   // children whose segment has variables, the most specific first
	routes   []route  // of the rule that ends here
}

type edge struct {
	segment
	accepts func(text string) bool // for a custom variable
	node    *node
}

type route struct {
	method string
	rule   string
	value  int // its index in Router.values
}

// add puts a route at the end of rule. If it fails it may leave nodes without routes, which no look-up can tell.
func (t *tree) add(r route, rule Rule, compile func(string) (func(string) bool, error)) error {
	n := &t.root
	for _, s := range rule.segments {
		if s.isLiteral() {
			n = n.literals.add(s.texts[0])
			continue
		}
		var err error
		if n, err = n.addEdge(s, rule.text, compile); err != nil {
			return err
		}
	}
	if other := n.route(r.method); other != nil {
		return &TakenError{Method: r.method, Rule: r.rule, Other: other.rule}
	}
	n.routes = append(n.routes, r)
	t.depth = max(t.depth, len(rule.segments))
	t.variables = max(t.variables, len(rule.variables))
	if len(rule.variables) == 0 {
		if t.literals == nil {
			t.literals = make(map[string]*node)
		}
		t.literals[rule.text] = n
		t.lengths |= lengthBit(rule.text)
	}
	return nil
}

// literal returns the node of the rule that has no variables and is text, or nil. A path that is no such rule often has
// another length too; to ask that first makes look-ups in large APIs a twelfth shorter.
func (t *tree) literal(text string) *node {
	if t.lengths&lengthBit(text) == 0 {
		return nil
	}
	return t.literals[text]
}

func lengthBit(text string) uint64 { return 1 << min(len(text), 63) }

// addEdge returns the child with this segment, which is made if there is none. The rule is only for the error.
func (n *node) addEdge(s segment, rule string, compile func(string) (func(string) bool, error)) (*node, error) {
	i := 0
	for i < len(n.edges) && n.edges[i].compare(&s) < 0 {
		i++
	}
	if i < len(n.edges) && n.edges[i].compare(&s) == 0 {
		return n.edges[i].node, nil
	}
	e := edge{segment: s, node: new(node)}
	if s.pattern != "" {
		pos := strings.Index(rule, customPrefix+s.pattern+":")
		if compile == nil {
			return nil, &RuleError{Rule: rule, Pos: pos, Reason: "a custom variable without a compiler",
				Fix: "give New a function that compiles patterns"}
		}
		var err error
		if e.accepts, err = compile(s.pattern); err != nil {
			return nil, &RuleError{Rule: rule, Pos: pos, Reason: "bad pattern: " + err.Error(),
				Fix: "correct the regular expression", Err: err}
		}
	}
	n.edges = insert(n.edges, i, e)
	return e.node, nil
}

// insert is slices.Insert for one element, without its 2 KB of code for each type.
func insert[E any](list []E, i int, e E) []E {
	list = append(list, e)
	copy(list[i+1:], list[i:])
	list[i] = e
	return list
}

// route returns the route with this method, or nil.
func (n *node) route(method string) *route {
	for i := range n.routes {
		if n.routes[i].method == method {
			return &n.routes[i]
		}
	}
	return nil
}
