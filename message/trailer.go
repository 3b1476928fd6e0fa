package message

import "github.com/microroute/microroute/internal/ascii"

// TrailerAllowed reports whether a field called name may come behind the content. Those may not that must be known before
// it is read (RFC 9110 section 6.5.1): a field that frames the message, routes it, authenticates its sender, modifies the
// request, controls the response or says what the content is. Senders do not send them there, recipients ignore them. Of a
// name that is not known here we cannot tell: it may.
func TrailerAllowed(name string) bool {
	const conditions = "If-"
	if len(name) >= len(conditions) && ascii.EqualFold(name[:len(conditions)], conditions) {
		return false
	}
	for _, early := range headerOnly {
		if ascii.EqualFold(name, early) {
			return false
		}
	}
	return true
}

// headerOnly is the fields that may not be in a trailer section, beside those that begin with If-.
var headerOnly = [...]string{
	// They frame the message or steer the connection.
	"Connection", "Content-Length", "Keep-Alive", "Proxy-Connection", "TE", "Trailer", "Transfer-Encoding", "Upgrade",
	// They route it.
	"Forwarded", "Host", "Max-Forwards", "Via", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto",
	// They say who sends it.
	"Authorization", "Cookie", "Origin", "Proxy-Authenticate", "Proxy-Authorization", "Set-Cookie", "WWW-Authenticate",
	// They modify the request.
	"Cache-Control", "Expect", "Pragma", "Range",
	// They control the response.
	"Age", "Date", "Expires", "Location", "Retry-After", "Vary",
	// They say what the content is.
	"Content-Disposition", "Content-Encoding", "Content-Language", "Content-Location", "Content-Range", "Content-Type",
}
