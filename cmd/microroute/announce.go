package main

import (
	"crypto/x509"
	"fmt"
	"net"
	"strings"

	"github.com/microroute/microroute/https"
)

// announcement is what is said of the server when it has started.
type announcement struct {
	dir         string
	scheme      string
	addr        net.Addr
	certificate *x509.Certificate // nil without TLS
	password    bool              // is asked for
	qr          bool              // with a QR code, where one can be read
}

// announce says where the server is found. To programs it is one record.
func (t *terminal) announce(a announcement) {
	local, network := urls(a.scheme, a.addr)
	if !t.people {
		all := network
		if local != "" {
			all = append([]string{local}, network...)
		}
		logger := t.logger
		if a.certificate != nil {
			logger = logger.With("fingerprint", https.Fingerprint(a.certificate))
		}
		logger.Info("serving", "dir", a.dir, "urls", all)
		return
	}
	var b strings.Builder
	fmt.Fprintf(&b, "\nServing %s\n\n", t.paint(bold, a.dir))
	if local != "" {
		fmt.Fprintf(&b, "  On this machine   %s\n", t.paint(cyan, local))
	}
	for i, url := range network {
		label := ""
		if i == 0 {
			label = "On the network"
		}
		fmt.Fprintf(&b, "  %-16s  %s\n", label, t.paint(cyan, url))
	}
	if a.certificate != nil {
		fmt.Fprintf(&b, "\n  Browsers will warn: nobody vouches for the certificate. Its SHA-256 is\n  %s\n", t.paint(gray, https.Fingerprint(a.certificate)))
	}
	if a.password && a.certificate == nil && len(network) > 0 {
		fmt.Fprintf(&b, "\n  Whoever is on the network can read the password; --tls hides it.\n")
	}
	if a.qr && t.isScreen && len(network) > 0 {
		if code, err := qrCode(network[0]); err == nil {
			fmt.Fprintf(&b, "\n%s", indented(code))
		}
	}
	fmt.Fprintf(&b, "\nCtrl+C ends it.\n\n")
	t.out.Write([]byte(b.String()))
}

func indented(lines string) string {
	return "  " + strings.ReplaceAll(strings.TrimSuffix(lines, "\n"), "\n", "\n  ") + "\n"
}
