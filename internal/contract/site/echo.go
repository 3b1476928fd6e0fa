package site

import (
	"encoding/json"

	"github.com/microroute/microroute"
)

// vars are the variables of a rule, with the types that the rule gives them.
type vars map[string]any

// echoed is what a handler has seen of its request.
type echoed struct {
	Method string              `json:"method"`
	Path   string              `json:"path"`
	Proto  string              `json:"proto"`
	Args   map[string][]string `json:"args"`
	Form   map[string]any      `json:"form"`
	Data   string              `json:"data"`
	Vars   vars                `json:"vars"`
}

// echo reads the body and returns the request as JSON.
func echo(c *Context, v vars) (string, error) {
	seen := lookAt(c.Request, v)
	data, err := c.Request.Data()
	if err != nil {
		return "", err
	}
	seen.Data = string(data)
	form, err := c.Request.Form()
	if err != nil {
		return "", err
	}
	seen.Form = formObject(form)
	return toJSON(seen)
}

// lookAt returns what can be seen without the body.
func lookAt(r *microroute.Request, v vars) echoed {
	args := make(map[string][]string)
	for name, value := range r.Args.All() {
		args[name] = append(args[name], value)
	}
	return echoed{Method: r.Method, Path: r.Path(), Proto: r.Proto, Args: args, Vars: v}
}

// formObject gives a name that comes once its value, and one that repeats a list.
func formObject(form *microroute.Form) map[string]any {
	values := make(map[string][]any)
	for name, value := range form.All() {
		values[name] = append(values[name], value)
	}
	object := make(map[string]any, len(values))
	for name, list := range values {
		object[name] = list
		if len(list) == 1 {
			object[name] = list[0]
		}
	}
	return object
}

// toJSON returns text, so that the response keeps the type text/html, which the contract asks for.
func toJSON(value any) (string, error) {
	text, err := json.Marshal(value)
	return string(text), err
}
