package microroute

import "reflect"

//go:generate go run ./internal/signatures signatures.go

// notDirect is what the functions of signatures.go panic with when they are called for what bindDirect does not let through.
const notDirect = "microroute: handler called directly that cannot be"

var (
	stringType = reflect.TypeFor[string]()
	intType    = reflect.TypeFor[int]()
	floatType  = reflect.TypeFor[float64]()
	bytesType  = reflect.TypeFor[[]byte]()
	anyType    = reflect.TypeFor[any]()
)

// bindDirect returns the Handler that calls the function h without reflection, nil if signatures.go has no case for it.
func bindDirect(h any) Handler {
	t := reflect.TypeOf(h)
	variables := t.NumIn() - 1
	if t.Name() != "" || variables > 3 {
		return nil
	}
	for i := range variables {
		if v := t.In(1 + i); v != stringType && v != intType && v != floatType {
			return nil
		}
	}
	if t.NumOut() == 0 {
		if variables > 2 {
			return nil
		}
		return func(c *Context) error { callNothing(c, h); return nil }
	}
	switch result, fails := t.Out(0), t.NumOut() == 2; {
	case result == errorType:
		return func(c *Context) error { return callError(c, h) }
	case result == stringType && fails:
		return putUnlessFailed(h, callStringError, putString)
	case result == stringType:
		return putResult(h, callString, putString)
	case variables > 1:
		return nil
	case result == bytesType && fails:
		return putUnlessFailed(h, callBytesError, putBytes)
	case result == bytesType:
		return putResult(h, callBytes, putBytes)
	case result == anyType && fails:
		return putUnlessFailed(h, callAnyError, putAny)
	case result == anyType:
		return putResult(h, callAny, putAny)
	}
	return nil
}

func putResult[R any](h any, call func(*Context, any) R, put func(*Context, R) error) Handler {
	return func(c *Context) error { return put(c, call(c, h)) }
}

func putUnlessFailed[R any](h any, call func(*Context, any) (R, error), put func(*Context, R) error) Handler {
	return func(c *Context) error {
		result, err := call(c, h)
		if err != nil {
			return err
		}
		return put(c, result)
	}
}
