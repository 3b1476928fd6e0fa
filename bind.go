package microroute

import (
	"fmt"
	"math"
	"reflect"
	"strings"

	"github.com/microroute/microroute/message"
	"github.com/microroute/microroute/router"
)

// bind makes a Handler of what was registered for a rule with these variables: it checks the types, once, and gives the
// variables to the parameters at every call. Functions of up to three variables that return a string, an error, both or
// nothing are called as they are (see direct.go), so are those of up to one with []byte or any; the rest by reflection.
//
// A Handler fits every rule: it has the variables from Context.Var.
func bind(handler any, variables []router.Variable) (Handler, error) {
	h, ready := handler.(Handler)
	if !ready {
		if err := checkSignature(reflect.TypeOf(handler), variables); err != nil {
			return nil, err
		}
	}
	if reflect.ValueOf(handler).IsNil() {
		return nil, fmt.Errorf("the handler is nil")
	}
	if ready {
		return h, nil
	}
	if h := bindDirect(handler); h != nil {
		return h, nil
	}
	return bindReflect(reflect.ValueOf(handler)), nil
}

var (
	contextType = reflect.TypeFor[*Context]()
	errorType   = reflect.TypeFor[error]()
)

// checkSignature tells what is wrong with a handler's type, and what it should be.
func checkSignature(t reflect.Type, variables []router.Variable) error {
	if t == nil || t.Kind() != reflect.Func {
		return fmt.Errorf("the handler is a %v, not a function: make it %s", t, wanted(variables))
	}
	if t.IsVariadic() || t.NumIn() != 1+len(variables) || t.In(0) != contextType {
		return fmt.Errorf("the handler is a %v, the rule has %s: make it %s", t, count(len(variables)), wanted(variables))
	}
	for i, v := range variables {
		if !takes(t.In(1+i), v.Type) {
			return fmt.Errorf("parameter %d of the handler is %v, but variable %q is of type %v: make it %s",
				2+i, t.In(1+i), v.Name, v.Type, wanted(variables))
		}
	}
	n := t.NumOut()
	if n == 0 {
		return nil
	}
	switch result := t.Out(0); {
	case n > 2:
		return fmt.Errorf("the handler returns %d values: return a body, an error, both in this order, or nothing", n)
	case n == 2 && t.Out(1) != errorType:
		return fmt.Errorf("the handler's second result is %v: make it an error", t.Out(1))
	case result != errorType && result.Implements(errorType):
		return fmt.Errorf("the handler's result is %v: make it error", result)
	case n == 2 && result == errorType:
		return fmt.Errorf("the handler returns two errors: return a body and an error")
	case unsendable(result):
		return fmt.Errorf("the handler's result %v cannot be a body: return a string, []byte, io.Reader, iter.Seq, Component "+
			"or a value for JSON", result)
	}
	return nil
}

func count(variables int) string {
	if variables == 1 {
		return "1 variable"
	}
	return fmt.Sprintf("%d variables", variables)
}

// takes reports whether a variable of type v can be given to a parameter of type t.
func takes(t reflect.Type, v router.Type) bool {
	switch v {
	case router.Int:
		return t == intType || t == reflect.TypeFor[int64]()
	case router.Float:
		return t == floatType
	}
	return t == stringType
}

// unsendable reports whether no value of type t can become a body.
func unsendable(t reflect.Type) bool {
	switch t.Kind() {
	case reflect.Chan, reflect.Complex64, reflect.Complex128, reflect.UnsafePointer:
		return true
	case reflect.Func:
		return !t.AssignableTo(reflect.TypeFor[func(func(string) bool)]()) &&
			!t.AssignableTo(reflect.TypeFor[func(func([]byte) bool)]())
	}
	return false
}

// wanted returns the type of a handler for a rule with these variables.
func wanted(variables []router.Variable) string {
	var b strings.Builder
	b.WriteString("func(*microroute.Context")
	for _, v := range variables {
		switch v.Type {
		case router.Int:
			b.WriteString(", int")
		case router.Float:
			b.WriteString(", float64")
		default:
			b.WriteString(", string")
		}
	}
	b.WriteString(") (string, error)")
	return b.String()
}

// bindReflect calls any handler, a few hundred nanoseconds slower than a direct call.
func bindReflect(f reflect.Value) Handler {
	t := f.Type()
	return func(c *Context) error {
		args := make([]reflect.Value, t.NumIn())
		args[0] = reflect.ValueOf(c)
		for i := 1; i < len(args); i++ {
			switch t.In(i).Kind() {
			case reflect.Int:
				args[i] = reflect.ValueOf(c.int(i - 1))
			case reflect.Int64:
				args[i] = reflect.ValueOf(c.match.Int(i - 1))
			case reflect.Float64:
				args[i] = reflect.ValueOf(c.float(i - 1))
			default:
				args[i] = reflect.ValueOf(c.text(i - 1))
			}
		}
		return putResults(c, f.Call(args))
	}
}

// putResults makes the body of what a handler called by reflection has returned.
func putResults(c *Context, results []reflect.Value) error {
	for i, result := range results {
		if result.Type() == errorType {
			if err, _ := result.Interface().(error); err != nil {
				return err
			}
			results = results[:i]
		}
	}
	if len(results) == 0 {
		return nil
	}
	return putAny(c, bodyOf(results[0]))
}

// bodyOf returns v as putAny wants it: named function types as iterators.
func bodyOf(v reflect.Value) any {
	if v.Kind() == reflect.Func {
		for _, iterator := range [...]reflect.Type{
			reflect.TypeFor[func(func(string) bool)](), reflect.TypeFor[func(func([]byte) bool)](),
		} {
			if v.Type().AssignableTo(iterator) {
				unnamed := reflect.New(iterator).Elem()
				unnamed.Set(v)
				return unnamed.Interface()
			}
		}
	}
	return v.Interface()
}

// int returns variable i as an int. Where that has 32 bits, a value may not fit: then there is nothing to be found after
// all. The panic is caught as if the handler had returned the Error.
func (c *Context) int(i int) int {
	n := c.match.Int(i)
	if n > math.MaxInt {
		panic(&Error{Status: message.StatusNotFound})
	}
	return int(n)
}

func (c *Context) float(i int) float64 { return c.match.Float(i) }
