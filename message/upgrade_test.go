package message_test

import (
	"strings"
	"testing"

	"github.com/microroute/microroute/message"
)

// RFC 9110 section 7.8.
func TestUpgrade(t *testing.T) {
	const connection = "Connection: upgrade|"
	for _, tt := range []struct{ rule, fields, protocol, want string }{
		{"offered", connection + "Upgrade: websocket", "websocket", "websocket"},
		{"in any case, as the client spells it", "connection: UPGRADE|upgrade: WebSocket", "websocket", "WebSocket"},
		{"among others", connection + "Upgrade: h2c, IRC/6.9 ,\tRTA/x11,websocket", "rta", "RTA/x11"},
		{"in a second field", connection + "Upgrade: h2c|Upgrade: websocket", "websocket", "websocket"},
		{"the first of two", connection + "Upgrade: foo/2, foo/1", "foo", "foo/2"},
		{"the version that is asked for", connection + "Upgrade: foo/2, FOO/1", "foo/1", "FOO/1"},
		{"the option among others", "Connection: keep-alive, Upgrade|Upgrade: foo", "foo", "foo"},
		{"the option in a second field", "Connection: keep-alive|Connection: upgrade|Upgrade: foo", "foo", "foo"},

		{"nothing", "", "foo", ""},
		{"no option", "Upgrade: foo", "foo", ""},
		{"another option", "Connection: upgrades|Upgrade: foo", "foo", ""},
		{"no offer", connection, "foo", ""},
		{"an empty offer", connection + "Upgrade: ,", "foo", ""},
		{"another protocol", connection + "Upgrade: foobar", "foo", ""},
		{"another version", connection + "Upgrade: foo/1", "foo/2", ""},
		{"a version where none was offered", connection + "Upgrade: foo", "foo/2", ""},
		{"an empty version", connection + "Upgrade: foo/", "foo", ""},
		{"a version that is no token", connection + "Upgrade: foo/1 2", "foo", ""},
		{"two versions", connection + "Upgrade: foo/1/2", "foo", ""},
		{"an empty protocol", connection + "Upgrade: foo", "", ""},
	} {
		var h message.Header
		for field := range strings.SplitSeq(tt.fields, "|") {
			if name, value, ok := strings.Cut(field, ": "); ok {
				h.Add(name, value)
			}
		}
		if got := message.Upgrade(&h, tt.protocol); got != tt.want {
			t.Errorf("%s: Upgrade(%q, %q) = %q, want %q", tt.rule, tt.fields, tt.protocol, got, tt.want)
		}
	}
}
