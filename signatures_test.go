package microroute_test

import (
	"fmt"
	"reflect"
	"strings"
	"testing"

	"github.com/microroute/microroute"
)

// variable is a type of variable: how a rule has it, how a path, and what arrives.
type variable struct {
	rule, path string
	value      any
}

var variables = []variable{
	{"<string:%s>", "te%%C3%%A9%d", "teé%d"},
	{"<float:%s>", "%d.5", 0.5},
	{"<int:%s>", "%d", int(0)},
	{"<int:%s>", "%d", int64(0)},
}

// at returns what arrives of the variable in place i.
func (v variable) at(i int) any {
	switch v.value.(type) {
	case string:
		return fmt.Sprintf(v.value.(string), i)
	case float64:
		return float64(i) + 0.5
	case int:
		return i
	}
	return int64(i)
}

// Handlers with up to four variables of any types, in any order, and with any of the usual results: all of those that are
// called directly, and some that are called by reflection, which nobody should be able to tell.
func TestEverySignature(t *testing.T) {
	contextType, errorType := reflect.TypeFor[*Context](), reflect.TypeFor[error]()
	results := [][]reflect.Type{
		{}, {errorType}, {reflect.TypeFor[string]()}, {reflect.TypeFor[[]byte]()}, {reflect.TypeFor[any]()}, {reflect.TypeFor[text]()},
		{reflect.TypeFor[string](), errorType}, {reflect.TypeFor[[]byte](), errorType}, {reflect.TypeFor[any](), errorType},
	}
	app := microroute.New()
	want := map[string]string{} // by target
	failure := &microroute.Error{Status: 409, Detail: "failed"}
	add := func(vars []variable, out []reflect.Type) {
		in := []reflect.Type{contextType}
		rule := fmt.Sprint("/", len(want))
		target := rule
		args := []any{}
		for i, v := range vars {
			rule += "/" + fmt.Sprintf(v.rule, fmt.Sprint("v", i))
			target += "/" + fmt.Sprintf(v.path, i)
			in = append(in, reflect.TypeOf(v.value))
			args = append(args, v.at(i))
		}
		body := fmt.Sprintf("%T%v", args, args)
		want[target] = body
		handler := reflect.FuncOf(in, out, false)
		app.Get(rule, reflect.MakeFunc(handler, func(values []reflect.Value) []reflect.Value {
			c := values[0].Interface().(*Context)
			got := []any{}
			for _, value := range values[1:] {
				got = append(got, value.Interface())
			}
			text := fmt.Sprintf("%T%v", got, got)
			var err error
			if c.Request.Args.Has("fail") {
				err = failure
			}
			if len(out) == 0 || len(out) == 1 && out[0] == errorType {
				if err == nil || len(out) == 0 {
					c.Response.SendString(text)
				}
			}
			var returned []reflect.Value
			for _, typ := range out {
				switch {
				case typ == errorType:
					returned = append(returned, reflect.ValueOf(&err).Elem())
				case typ.Kind() == reflect.Interface:
					returned = append(returned, reflect.ValueOf(&text).Elem().Convert(typ))
				default:
					returned = append(returned, reflect.ValueOf(text).Convert(typ))
				}
			}
			return returned
		}).Interface())
	}
	var combine func(vars []variable, most int)
	combine = func(vars []variable, most int) {
		for _, out := range results {
			add(vars, out)
		}
		if len(vars) < most {
			for _, v := range variables {
				combine(append(vars[:len(vars):len(vars)], v), most)
			}
		}
	}
	combine(nil, 3)
	combine(append([]variable{}, variables...), 4)
	if err := app.Prepare(); err != nil {
		t.Fatal(err)
	}
	failed := 0
	for target, body := range want {
		x := hold(t, "GET "+target+" HTTP/1.1", "Host: a")
		if app.Serve(x); x.status != 200 || string(x.response) != body {
			t.Errorf("%s: got %d %q, want 200 %q", target, x.status, x.response, body)
		}
		x = hold(t, "GET "+target+"?fail HTTP/1.1", "Host: a", "Accept: application/json")
		if app.Serve(x); x.status == 409 && strings.Contains(string(x.response), "failed") {
			failed++
		} else if x.status != 200 {
			t.Errorf("%s: got %d %q for an error, want 409", target, x.status, x.response)
		}
	}
	if wantFailed := len(want) / len(results) * 4; failed != wantFailed {
		t.Errorf("%d handlers that return an error have failed, want %d", failed, wantFailed)
	}
}
