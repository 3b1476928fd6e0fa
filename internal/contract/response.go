package contract

import (
	"bytes"
	"regexp"
	"strconv"
	"strings"
)

// framing is how far the content of a response has come.
type framing int

const (
	complete   framing = iota // all of it is there
	cut                       // its length or chunks announce more
	untilClose                // no length: it ends with the connection
	malformed                 // its length or chunks make no sense
)

// response is the first final response in what a server sent.
type response struct {
	status  int
	reason  string
	fields  []field
	body    []byte
	rest    []byte // what follows the response
	framing framing
}

type field struct{ name, value string }

var statusLine = regexp.MustCompile(`^HTTP/1\.[01] (\d{3})(?: (.*))?$`)

// parse finds the first final response in data; interim ones are passed over. It returns nil while the header section
// is incomplete, and for anything that is not a response. A response to HEAD carries no content.
func parse(data []byte, head bool) *response {
	for {
		section, rest, found := bytes.Cut(data, []byte("\r\n\r\n"))
		if !found {
			return nil
		}
		r := parseHead(string(section))
		if r == nil {
			return nil
		}
		if r.status < 100 || r.status >= 200 {
			r.parseContent(rest, head)
			return r
		}
		data = rest
	}
}

// parseHead returns nil if the section does not begin with a status line.
func parseHead(section string) *response {
	lines := strings.Split(section, "\r\n")
	match := statusLine.FindStringSubmatch(lines[0])
	if match == nil {
		return nil
	}
	r := &response{reason: match[2]}
	r.status, _ = strconv.Atoi(match[1])
	for _, line := range lines[1:] {
		if name, value, found := strings.Cut(line, ":"); found {
			r.fields = append(r.fields, field{name, strings.TrimSpace(value)})
		}
	}
	return r
}

// parseContent splits what follows the header section into content and rest.
func (r *response) parseContent(data []byte, head bool) {
	if head || r.status == 204 || r.status == 304 {
		r.rest = data
		return
	}
	if coding, _ := r.last("Transfer-Encoding"); strings.EqualFold(coding, "chunked") {
		r.parseChunks(data)
		return
	}
	length, found := r.last("Content-Length")
	if !found {
		r.body, r.framing = data, untilClose
		return
	}
	switch n, err := strconv.ParseUint(length, 10, 63); {
	case err != nil:
		r.framing = malformed
	case n > uint64(len(data)):
		r.body, r.framing = data, cut
	default:
		r.body, r.rest = data[:n], data[n:]
	}
}

// parseChunks reads a chunked body without trailers, which no server of these cases sends.
func (r *response) parseChunks(data []byte) {
	for {
		line, rest, found := bytes.Cut(data, []byte("\r\n"))
		if !found {
			r.framing = cut
			return
		}
		size, _, _ := strings.Cut(string(line), ";")
		n, err := strconv.ParseUint(size, 16, 62)
		if err != nil {
			r.framing = malformed
			return
		}
		if n+2 > uint64(len(rest)) {
			r.body, r.framing = append(r.body, rest...), cut
			return
		}
		r.body = append(r.body, rest[:n]...)
		data = rest[n+2:]
		if n == 0 {
			r.rest = data
			return
		}
	}
}

// first returns the value of the first field of that name, which is what a reader of the response goes by.
func (r *response) first(name string) (string, bool) {
	for _, f := range r.fields {
		if strings.EqualFold(f.name, name) {
			return f.value, true
		}
	}
	return "", false
}

// last returns the value of the last field of that name, which decides about the framing.
func (r *response) last(name string) (string, bool) {
	for i := len(r.fields) - 1; i >= 0; i-- {
		if strings.EqualFold(r.fields[i].name, name) {
			return r.fields[i].value, true
		}
	}
	return "", false
}

// announcesClose reports whether the response says that the connection ends after it (RFC 9112 section 9.6).
func (r *response) announcesClose() bool {
	value, _ := r.first("Connection")
	for option := range strings.SplitSeq(value, ",") {
		if strings.EqualFold(strings.TrimSpace(option), "close") {
			return true
		}
	}
	return false
}
