package main

import (
	"bufio"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"fmt"
	"os"
	"strings"

	"github.com/microroute/microroute"
	"github.com/microroute/microroute/message"
)

// users are the digests of the names with their passwords, "user:password", that may read the files.
type users [][sha256.Size]byte

// users returns who may read the files: those of the flag or the variable, and of the file; none if everybody may.
func (s *serve) users() (users, error) {
	var known users
	if s.Auth != "" {
		if err := known.add(s.Auth); err != nil {
			return nil, fmt.Errorf("--auth: %w", err)
		}
	}
	if s.AuthFile == "" {
		return known, nil
	}
	file, err := os.Open(s.AuthFile)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	lines := bufio.NewScanner(file)
	for number := 1; lines.Scan(); number++ {
		if lines.Text() == "" {
			continue
		}
		if err := known.add(lines.Text()); err != nil {
			return nil, fmt.Errorf("%s:%d: %w", s.AuthFile, number, err)
		}
	}
	if len(known) == 0 { // nobody has meant to let everybody in
		return nil, fmt.Errorf("%s: there is no USER:PASSWORD in it", s.AuthFile)
	}
	return known, lines.Err()
}

var errCredentials = errors.New("not of the form USER:PASSWORD")

func (u *users) add(credentials string) error {
	if user, password, ok := strings.Cut(credentials, ":"); !ok || user == "" || password == "" {
		return errCredentials
	}
	*u = append(*u, sha256.Sum256([]byte(credentials)))
	return nil
}

// middleware lets in who has a name and the password for it (RFC 7617).
func (u users) middleware(next microroute.Handler) microroute.Handler {
	return func(c *microroute.Context) error {
		if !u.allow(c.Request.Header.Get("Authorization")) {
			c.Response.Header.Set("WWW-Authenticate", `Basic realm="files", charset="UTF-8"`)
			return &microroute.Error{Status: message.StatusUnauthorized}
		}
		return next(c)
	}
}

// allow reports whether an Authorization field has the credentials of a user. Digests are of one length, and all of them
// are compared to the end, so that the time it takes tells nothing.
func (u users) allow(authorization string) bool {
	scheme, encoded, _ := strings.Cut(authorization, " ")
	credentials, err := base64.StdEncoding.DecodeString(strings.Trim(encoded, " "))
	if err != nil || !strings.EqualFold(scheme, "Basic") {
		return false
	}
	given, known := sha256.Sum256(credentials), 0
	for i := range u {
		known |= subtle.ConstantTimeCompare(given[:], u[i][:])
	}
	return known == 1
}
