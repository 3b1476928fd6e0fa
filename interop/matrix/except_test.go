package matrix_test

// Why cases do not pass over some ways.
const (
	malformed = "it is not well formed, and messages always are"
	http10    = "it is about HTTP/1.0"
	octets    = "it is about the octets that HTTP/1 puts on the connection"
	noClient  = "the connection is not the request's alone: Client is ErrNoClient"
	hijacked  = "net/http sends no response once the connection has been hijacked, even if nothing was written to it"
	ownReason = "net/http writes its own reason phrases"
	noTarget  = "the length of a target is left to the server; net/http's limit is MaxHeaderBytes, 1 MiB"
	lateClose = "net/http closes a connection behind a complete response only if the header has announced it"
)

// What only octets can say.
var notInMessages = map[string]string{
	"HTTP/1.0":             http10,
	"HTTP/1.0 kept":        http10,
	"HTTP/1.0 stream":      http10,
	"/client":              octets,
	"/client-noclose":      octets,
	"client-return":        octets,
	"client-same":          noClient,
	"form-client-recv":     noClient,
	"bad length":           malformed,
	"http-09":              malformed,
	"http-embedded-method": malformed,
	"http-header-nocolon":  malformed,
	"static-raw-space":     malformed,
}

// What package nethttp cannot do with net/http's server for HTTP/1.
var notOverNetHTTP = map[string]string{
	"abort-explane":          ownReason,
	"abort-explane-only":     ownReason,
	"custom-status-text-200": ownReason,
	"sh-explane-content":     ownReason,
	"client-same":            hijacked,
	"form-client-recv":       hijacked,
	"send-close":             lateClose,
}

// What is lacking where package nethttp is given an App, and the server knows nothing of its limits.
var notWithoutLimits = map[string]string{"http-long-url": noTarget}
