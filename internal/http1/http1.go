// Package http1 reads and writes the syntax of HTTP/1.0 and HTTP/1.1 messages (RFC 9112): request heads, chunked content,
// response heads. It sees octets only; who moves them, and when a connection ends, is the engine's business.
//
// It accepts what the RFC's grammar allows and refuses everything else: no bare LF, no folded lines, no white space before
// a colon, no two lengths. A message that two parsers could read in two ways is how requests are smuggled (section 11.2).
package http1

import "github.com/microroute/microroute/message"

// Error says why a message was refused and with which status. After it nothing more can be read from the connection.
type Error struct {
	Status int
	Text   string
}

func (e *Error) Error() string { return "http1: " + e.Text }

func bad(text string) *Error { return &Error{message.StatusBadRequest, text} }

// What is wrong with a request's head.
var (
	errBareLF        = bad("line ends with LF instead of CRLF")
	errEmptyLines    = bad("too many empty lines before the request line")
	errRequestLine   = bad("malformed request line")
	errMethod        = bad("malformed method")
	errVersionText   = bad("malformed HTTP version")
	errVersion       = &Error{message.StatusHTTPVersionNotSupported, "HTTP version is neither 1.0 nor 1.1"}
	errTarget        = bad("malformed request target")
	errTargetLong    = &Error{message.StatusRequestURITooLong, "request target is too long"}
	errHost          = bad("malformed host")
	errHostMissing   = bad("Host is missing")
	errHostTwice     = bad("more than one Host")
	errHeadLong      = &Error{message.StatusRequestHeaderFieldsTooLarge, "head is too long"}
	errFields        = &Error{message.StatusRequestHeaderFieldsTooLarge, "too many fields"}
	errFieldName     = bad("malformed field name")
	errFieldValue    = bad("control character in a field value")
	errFold          = bad("folded field line")
	errLength        = bad("malformed Content-Length")
	errLengthTwice   = bad("more than one Content-Length")
	errLengthHuge    = &Error{message.StatusRequestEntityTooLarge, "Content-Length exceeds 63 bits"}
	errLengthAndTE   = bad("Content-Length together with Transfer-Encoding")
	errEncoding      = bad("malformed Transfer-Encoding")
	errEncodingOther = &Error{message.StatusNotImplemented, "unknown transfer coding"}
	errExpectation   = &Error{message.StatusExpectationFailed, "unknown expectation"}
	errEncodingIn10  = bad("Transfer-Encoding in an HTTP/1.0 message")
)
