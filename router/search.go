package router

import "strings"

// A search is one look-up: for the best route with a method, or for the methods of all routes.
type search struct {
	m                *Match
	method, fallback string
	methods          *[]string // if not nil, every route that matches adds its method, and none is the best
}

// find returns the best route for path, or nil.
func (t *tree) find(s *search, path string) *route {
	m := s.m
	m.variables = 0
	if path == "" || path[0] != '/' {
		return nil
	}
	if len(m.spans) < t.variables {
		m.spans = make([]span, t.variables)
	}
	m.path = strings.TrimSuffix(path, "/")
	if strings.IndexByte(m.path, '%') >= 0 {
		if !m.decode(t.depth + 1) {
			return nil
		}
		return s.walk(&t.root, 0, 1, 0)
	}
	m.text = m.path
	if n := t.literal(m.text); n != nil {
		if route := s.arrive(n, 0); route != nil {
			return route
		}
	}
	m.split(t.depth + 1)
	return s.walk(&t.root, 0, 1, 0)
}

// walk returns the best route at n or below. The segments from number i on, the first of which begins at byte begin, are
// left to match, and v variables have been found in those before.
func (s *search) walk(n *node, i, begin, v int) *route {
	m := s.m
	for i < len(m.ends) && len(n.edges) == 0 { // where there is no choice there is no way back to remember
		end := m.ends[i]
		if n, _ = n.literals.find(m.text[begin:end]); n == nil {
			return nil
		}
		i, begin = i+1, end+1
	}
	if i == len(m.ends) {
		return s.arrive(n, v)
	}
	end := m.ends[i]
	if child, _ := n.literals.find(m.text[begin:end]); child != nil {
		if route := s.walk(child, i+1, end+1, v); route != nil {
			return route
		}
	}
	for j := range n.edges {
		e := &n.edges[j]
		if !e.match(m.text, begin, end, e.accepts, m.spans[v:]) {
			continue
		}
		found := v + len(e.types)
		if e.types[len(e.types)-1] == Path {
			m.spans[found-1].end = len(m.text)
			if route := s.arrive(e.node, found); route != nil {
				return route
			}
		} else if route := s.walk(e.node, i+1, end+1, found); route != nil {
			return route
		}
	}
	return nil
}

// arrive returns the best route of n, where a rule with v variables ends and matches.
func (s *search) arrive(n *node, v int) *route {
	if s.methods != nil {
		for i := range n.routes {
			*s.methods = append(*s.methods, n.routes[i].method)
		}
		return nil
	}
	route := n.route(s.method)
	if route == nil {
		route = n.route(s.fallback)
	}
	if route == nil {
		route = n.route("")
	}
	if route != nil {
		s.m.variables = v
	}
	return route
}
