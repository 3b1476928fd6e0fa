package faults_test

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"time"
)

// wrongAnswer is an answer that is complete, but another one than that to the request.
type wrongAnswer struct{ target, status, content, want string }

func (e *wrongAnswer) Error() string {
	return fmt.Sprintf("%s: answer %s %.200q, want %.200q", e.target, e.status, e.content, e.want)
}

// visit sends a few requests at once on a connection and returns how many whole answers have come. The error is a
// *wrongAnswer, or tells how the connection broke.
func visit(address, nonce string) (whole int, err error) {
	conn, err := net.Dial("tcp", address)
	if err != nil {
		return 0, err
	}
	defer conn.Close()
	conn.SetDeadline(time.Now().Add(soon))
	content := strings.Repeat(nonce, 400)
	targets := []string{"/text/" + nonce, "/echo/" + nonce, "/stream/" + nonce, "/echo/" + nonce + "-chunked"}
	wants := []string{nonce, nonce + content, nonce, nonce + "-chunked" + content}
	var requests strings.Builder
	fmt.Fprintf(&requests, "GET %s HTTP/1.1\r\nHost: a.test\r\n\r\n", targets[0])
	fmt.Fprintf(&requests, "POST %s HTTP/1.1\r\nHost: a.test\r\nContent-Length: %d\r\n\r\n%s", targets[1], len(content), content)
	fmt.Fprintf(&requests, "GET %s HTTP/1.1\r\nHost: a.test\r\n\r\n", targets[2])
	fmt.Fprintf(&requests, "POST %s HTTP/1.1\r\nHost: a.test\r\nTransfer-Encoding: chunked\r\n\r\n%x\r\n%s\r\n0\r\n\r\n",
		targets[3], len(content), content)
	go io.WriteString(conn, requests.String()) // ends with the connection

	in := bufio.NewReader(conn)
	for i, want := range wants {
		r, err := http.ReadResponse(in, nil)
		if err != nil {
			return whole, err
		}
		got, err := io.ReadAll(r.Body)
		if err != nil {
			return whole, err
		}
		if r.Close && r.StatusCode >= 400 {
			return whole, fmt.Errorf("%s: refused: %s %.100q", targets[i], r.Status, got) // it came to the server in pieces
		}
		if r.StatusCode != http.StatusOK || string(got) != want {
			return whole, &wrongAnswer{targets[i], r.Status, string(got), want}
		}
		whole++
	}
	return whole, nil
}
