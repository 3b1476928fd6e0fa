package message_test

import (
	"net/http"
	"testing"

	"github.com/microroute/microroute/message"
)

func TestStatusText(t *testing.T) {
	for _, tt := range []struct {
		rule string
		code int
		want string
	}{
		{"RFC 9110 section 15.3.1", message.StatusOK, "OK"},
		{"RFC 9110 section 15.3.4, in the registry's words", 203, "Non-Authoritative Information"},
		{"RFC 9110 section 15.4.3", 302, "Found"},
		{"RFC 9110 section 15.4.7: 306 is unused", 306, ""},
		{"RFC 9110 section 15.5.14: renamed", message.StatusRequestEntityTooLarge, "Content Too Large"},
		{"RFC 9110 section 15.5.15: renamed", message.StatusRequestURITooLong, "URI Too Long"},
		{"RFC 9110 section 15.5.17: renamed", message.StatusRequestedRangeNotSatisfiable, "Range Not Satisfiable"},
		{"RFC 9110 section 15.5.19: 418 is unused", 418, ""},
		{"RFC 9110 section 15.5.21: renamed", message.StatusUnprocessableEntity, "Unprocessable Content"},
		{"RFC 8297: Early Hints", 103, "Early Hints"},
		{"RFC 8470 section 5.2", 425, "Too Early"},
		{"RFC 7725", 451, "Unavailable For Legal Reasons"},
		{"RFC 6585 section 6", 511, "Network Authentication Required"},
		{"the registry: 509 is unassigned", 509, ""},
		{"not a status code", 0, ""},
		{"not a status code", -1, ""},
		{"not a status code", 1000, ""},
	} {
		if got := message.StatusText(tt.code); got != tt.want {
			t.Errorf("%s: StatusText(%d) = %q, want %q", tt.rule, tt.code, got, tt.want)
		}
	}
}

// The registered codes are those of net/http but for 418, which the registry reserves; the four texts that RFC 9110
// changed are in the table above.
func TestStatusTextCoversRegistry(t *testing.T) {
	for code := range 1000 {
		want := http.StatusText(code)
		switch code {
		case 413, 414, 416, 418, 422:
			continue
		}
		if got := message.StatusText(code); got != want {
			t.Errorf("StatusText(%d) = %q, want %q", code, got, want)
		}
	}
}

func TestBodyAllowed(t *testing.T) {
	for _, tt := range []struct {
		rule   string
		status int
		want   bool
	}{
		{"RFC 9110 section 15.2: 1xx ends with its header", 100, false},
		{"RFC 9110 section 15.2: 1xx ends with its header", 199, false},
		{"RFC 9110 section 15.3.1", 200, true},
		{"RFC 9110 section 15.3.5: 204 ends with its header", 204, false},
		{"RFC 9110 section 15.3.6: 205 needs a length of 0", 205, true},
		{"RFC 9110 section 15.4.5: 304 ends with its header", 304, false},
		{"RFC 9110 section 15.5.5", 404, true},
		{"RFC 9110 section 15: unknown codes are treated as x00", 599, true},
	} {
		if got := message.BodyAllowed(tt.status); got != tt.want {
			t.Errorf("%s: BodyAllowed(%d) = %t, want %t", tt.rule, tt.status, got, tt.want)
		}
	}
}
