package forwarded

import (
	"strings"

	"github.com/microroute/microroute"
	"github.com/microroute/microroute/internal/ascii"
)

// list is the last members of a list, in as many lines as it may have come in.
type list struct {
	members [maxHops]string // the newest in place of the oldest
	count   int             // of all there were
}

// membersOf returns the members of the field called name that are not empty (RFC 9110 sections 5.3 and 5.6.1). Only those of
// Forwarded know quotes: in other lists, one that the client has opened would hide what the proxy has added.
func membersOf(h *microroute.Header, name string) (l list) {
	for n, value := range h.All() {
		if !ascii.EqualFold(n, name) {
			continue
		}
		for value != "" {
			end := memberEnd(value, name == standard)
			if member := ascii.TrimOWS(value[:end]); member != "" {
				l.members[l.count%maxHops] = member
				l.count++
			}
			value = value[min(end+1, len(value)):]
		}
	}
	return l
}

// len returns how many members there are to look at.
func (l *list) len() int { return min(l.count, maxHops) }

// fromEnd returns member i, counted from the end: 0 is the last. Beyond the first it is "".
func (l *list) fromEnd(i int) string {
	if i >= l.len() {
		return ""
	}
	return l.members[(l.count-1-i)%maxHops]
}

// memberEnd returns the offset of the first comma in s, or its length. If quotes count, it is the first outside of them.
func memberEnd(s string, quotes bool) int {
	if quotes {
		return ascii.MemberEnd(s)
	}
	if i := strings.IndexByte(s, ','); i >= 0 {
		return i
	}
	return len(s)
}
