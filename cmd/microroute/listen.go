package main

import (
	"errors"
	"fmt"
	"io/fs"
	"net"
	"strconv"
	"syscall"

	"github.com/microroute/microroute/https"
)

// listen listens as the flags say, and returns what is to be said of it.
func (s *serve) listen() (net.Listener, announcement, error) {
	site := announcement{dir: s.Dir, scheme: "http", password: s.Auth+s.AuthFile != "", qr: s.QR}
	listener, err := listen(s.Addr)
	if err != nil {
		return nil, site, err
	}
	site.addr = listener.Addr()
	if !s.TLS {
		return listener, site, nil
	}
	secure, err := https.NewListener(listener, https.Config{SelfSigned: true})
	if err != nil {
		listener.Close()
		return nil, site, err
	}
	site.scheme, site.certificate = "https", secure.Certificate("")
	return secure, site, nil
}

// listen listens on a TCP address. If that cannot be had, the error has one that can.
func listen(addr string) (net.Listener, error) {
	listener, err := net.Listen("tcp", addr)
	switch {
	case errors.Is(err, syscall.EADDRINUSE):
		return nil, fmt.Errorf("%s is in use by another program; try --addr %s", addr, freeAddr(addr, 1))
	case errors.Is(err, fs.ErrPermission):
		return nil, fmt.Errorf("%s is for programs with more privileges; try --addr %s", addr, freeAddr(addr, 8000))
	}
	return listener, err
}

// freeAddr returns an address like addr on whose port nobody listens. The port is offset greater if possible, or a little
// more; else it is 0, for any.
func freeAddr(addr string, offset int) string {
	host, service, _ := net.SplitHostPort(addr)
	first, _ := net.LookupPort("tcp", service)
	for port := first + offset; port < first+offset+10; port++ {
		free := net.JoinHostPort(host, strconv.Itoa(port))
		if listener, err := net.Listen("tcp", free); err == nil {
			listener.Close()
			return free
		}
	}
	return net.JoinHostPort(host, "0")
}
