package message

// The request methods of RFC 9110 section 9.3, and PATCH (RFC 5789).
const (
	MethodGet     = "GET"
	MethodHead    = "HEAD"
	MethodPost    = "POST"
	MethodPut     = "PUT"
	MethodDelete  = "DELETE"
	MethodConnect = "CONNECT"
	MethodOptions = "OPTIONS"
	MethodTrace   = "TRACE"
	MethodPatch   = "PATCH"
)

// KnownMethod returns the constant above that b spells, without allocating, and "" if b is another method or none.
// Methods are case-sensitive (RFC 9110 section 9.1). The compiler turns the switch into a search by length first.
func KnownMethod(b []byte) string {
	switch string(b) {
	case MethodGet:
		return MethodGet
	case MethodHead:
		return MethodHead
	case MethodPost:
		return MethodPost
	case MethodPut:
		return MethodPut
	case MethodDelete:
		return MethodDelete
	case MethodConnect:
		return MethodConnect
	case MethodOptions:
		return MethodOptions
	case MethodTrace:
		return MethodTrace
	case MethodPatch:
		return MethodPatch
	}
	return ""
}
