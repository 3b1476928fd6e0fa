package router

import (
	"slices"
	"strings"
)

// A Rule is a path with variables, made by [Parse]. The zero Rule is the rule /.
type Rule struct {
	text      string // as String returns it, but empty for the rule /
	segments  []segment
	variables []Variable // of all segments, from the left
}

// String returns the rule in its one normal form: with a slash before it and none behind it, and with the type of every
// variable. Parse makes the same rule of it again.
func (r Rule) String() string {
	if r.text == "" {
		return "/"
	}
	return r.text
}

// Variables returns the variables from left to right; variable i is the one that [Match.Var] calls i. The slice is the
// caller's own.
func (r Rule) Variables() []Variable { return slices.Clone(r.variables) }

// format returns the normal form of a rule that is not empty.
func (r *Rule) format() string {
	var text strings.Builder
	variables := r.variables
	for _, s := range r.segments {
		text.WriteByte('/')
		for i := range s.types {
			text.WriteString(s.texts[i])
			text.WriteString(variables[0].String())
			variables = variables[1:]
		}
		text.WriteString(s.texts[len(s.types)])
	}
	return text.String()
}

// A Variable is a part of a rule that stands for text of the path.
type Variable struct {
	Name    string
	Type    Type
	Pattern string // the regular expression of a custom variable, else empty
}

// String returns the variable as it is written in a rule: <int:n>.
func (v Variable) String() string {
	if v.Type == Custom {
		return "<" + v.Type.String() + "=" + v.Pattern + ":" + v.Name + ">"
	}
	return "<" + v.Type.String() + ":" + v.Name + ">"
}
