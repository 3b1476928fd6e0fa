package httpcases

import (
	"bytes"
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

// response is one response, framed as strictly as a careful client would (RFC 9112 section 6.3).
type response struct {
	version string
	status  int
	fields  map[string]string // by lower-case name, repeats joined by ", "
	body    []byte
}

var (
	statusLine = regexp.MustCompile(`^(HTTP/1\.[01]) (\d{3})(?: [^\r\n]*)?$`)
	token      = regexp.MustCompile("^[!#$%&'*+\\-.^_`|~0-9A-Za-z]+$")
	digits     = regexp.MustCompile(`^[0-9]+$`)
	hexDigits  = regexp.MustCompile(`^[0-9A-Fa-f]+$`)
)

// parse takes one response to a request of that method from the start of data and returns how many bytes it used. It
// returns nil and no error while the response is incomplete; ended says that no more will come.
func parse(data []byte, method string, ended bool) (r *response, used int, err error) {
	head, _, found := bytes.Cut(data, []byte("\r\n\r\n"))
	if !found {
		if len(data) >= 5 && !bytes.HasPrefix(data, []byte("HTTP/")) {
			return nil, 0, fmt.Errorf("not an HTTP/1.x response: %q", start(data))
		}
		return nil, 0, nil
	}
	if r, err = parseHead(head); err != nil {
		return nil, 0, err
	}
	used = len(head) + len("\r\n\r\n")
	n, ok, err := r.parseContent(data[used:], method, ended)
	if !ok {
		return nil, 0, err
	}
	return r, used + n, nil
}

func parseHead(head []byte) (*response, error) {
	lines := strings.Split(string(head), "\r\n")
	match := statusLine.FindStringSubmatch(lines[0])
	if match == nil {
		return nil, fmt.Errorf("bad status line %q", lines[0])
	}
	r := &response{version: match[1], fields: make(map[string]string)}
	r.status, _ = strconv.Atoi(match[2])
	for _, line := range lines[1:] {
		name, value, found := strings.Cut(line, ":")
		if !found || !token.MatchString(name) || strings.ContainsAny(value, "\r\n\x00") {
			return nil, fmt.Errorf("bad response field %q", line)
		}
		name, value = strings.ToLower(name), strings.Trim(value, " \t")
		if before, repeated := r.fields[name]; repeated {
			value = before + ", " + value
		}
		r.fields[name] = value
	}
	return r, nil
}

// parseContent sets the body and returns how many bytes of data it took, and false while it is incomplete or if the
// framing is wrong.
func (r *response) parseContent(data []byte, method string, ended bool) (used int, ok bool, err error) {
	length, hasLength := r.fields["content-length"]
	coding, hasCoding := r.fields["transfer-encoding"]
	hasContent := r.status >= 200 && r.status != 204 && r.status != 304 && method != "HEAD"
	switch {
	case hasLength && hasCoding:
		return 0, false, fmt.Errorf("response has both Content-Length and Transfer-Encoding")
	case r.status < 200 && (hasLength || hasCoding), r.status == 204 && (hasCoding || hasLength && length != "0"):
		// RFC 9110 section 8.6 and RFC 9112 section 6.1.
		return 0, false, fmt.Errorf("%d response with framing fields", r.status)
	case hasLength && !digits.MatchString(length):
		return 0, false, fmt.Errorf("bad response Content-Length %q", length)
	case !hasContent:
		return 0, true, nil
	case hasCoding && !strings.EqualFold(coding, "chunked"):
		return 0, false, fmt.Errorf("response Transfer-Encoding %q", coding)
	case hasCoding:
		return r.parseChunks(data)
	case hasLength:
		n, err := strconv.Atoi(length)
		if err != nil || n > len(data) {
			return 0, false, err
		}
		r.body = data[:n]
		return n, true, nil
	}
	r.body = data
	return len(data), ended, nil
}

func (r *response) parseChunks(data []byte) (used int, ok bool, err error) {
	rest := data
	for {
		line, after, found := bytes.Cut(rest, []byte("\r\n"))
		if !found {
			return 0, false, nil
		}
		size, _, _ := bytes.Cut(line, []byte(";"))
		n, err := strconv.ParseUint(string(size), 16, 62)
		if err != nil || !hexDigits.Match(size) {
			return 0, false, fmt.Errorf("bad response chunk size %q", start(size))
		}
		if n == 0 {
			rest, ok = skipTrailers(after)
			return len(data) - len(rest), ok, nil
		}
		if n+2 > uint64(len(after)) {
			return 0, false, nil
		}
		r.body = append(r.body, after[:n]...)
		if !bytes.HasPrefix(after[n:], []byte("\r\n")) {
			return 0, false, fmt.Errorf("bad response chunk end")
		}
		rest = after[n+2:]
	}
}

// skipTrailers returns what follows the empty line that ends a chunked body, and false while that has not come.
func skipTrailers(data []byte) (rest []byte, ok bool) {
	for {
		line, after, found := bytes.Cut(data, []byte("\r\n"))
		if !found {
			return data, false
		}
		if len(line) == 0 {
			return after, true
		}
		data = after
	}
}

// start returns enough of data for an explanation.
func start(data []byte) []byte { return data[:min(len(data), 40)] }
