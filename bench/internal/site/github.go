package site

import (
	_ "embed"
	"regexp"
	"strings"
)

// Route is one of the 203 routes of the GitHub API, version 3, that every router can tell apart.
type Route struct {
	Method    string
	Rule      string   // in the manner of microroute: /gists/<string:id>
	Variables []string // their names
}

//go:embed github.txt
var github string

// variable is a variable of a Rule.
var variable = regexp.MustCompile(`<string:(\w+)>`)

// GitHub returns the routes of the GitHub API.
func GitHub() (routes []Route) {
	for line := range strings.Lines(github) {
		methods, rule, found := strings.Cut(strings.TrimSpace(line), " ")
		if !found {
			continue
		}
		rule = strings.TrimSpace(rule)
		var names []string
		for _, match := range variable.FindAllStringSubmatch(rule, -1) {
			names = append(names, match[1])
		}
		for method := range strings.SplitSeq(methods, ",") {
			routes = append(routes, Route{method, rule, names})
		}
	}
	return routes
}

// Colons returns the Rule in the manner of most routers: /gists/:id.
func (r Route) Colons() string { return variable.ReplaceAllString(r.Rule, ":$1") }

// Braces returns the Rule in the manner of net/http: /gists/{id}.
func (r Route) Braces() string { return variable.ReplaceAllString(r.Rule, "{$1}") }

// Path returns a path that the Rule matches: /gists/the-id.
func (r Route) Path() string { return variable.ReplaceAllString(r.Rule, "the-$1") }

// Answer returns the answer to a request whose variables have these values: the Rule, so that a wrong route is noticed,
// and the values.
func (r Route) Answer(values ...string) string {
	if len(values) == 0 {
		return r.Rule
	}
	return r.Rule + " " + strings.Join(values, " ")
}

// Example returns the answer to a request for Path.
func (r Route) Example() string {
	return r.AnswerFrom(func(name string) string { return "the-" + name })
}

// AnswerFrom is Answer with the values that get returns for the names of the variables.
func (r Route) AnswerFrom(get func(name string) string) string {
	values := make([]string, 0, 8)
	for _, name := range r.Variables {
		values = append(values, get(name))
	}
	return r.Answer(values...)
}
