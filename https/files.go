package https

import (
	"cmp"
	"crypto/tls"
	"os"
	"time"
)

// files is the origin of a certificate that is kept in files.
type files struct {
	Pair
	certificate, key stamp // of the files when they were last read
}

// whole returns p with the name of the file that has the key.
func (p Pair) whole() Pair { return Pair{p.CertFile, cmp.Or(p.KeyFile, p.CertFile)} }

// read reads the files, unless they are the same as before. It looks at them first: what is written while they are being
// read is found the next time.
func (f *files) read(now time.Time) (*tls.Certificate, error) {
	certificate, err := stampOf(f.CertFile, now)
	if err != nil {
		return nil, err
	}
	key, err := stampOf(f.KeyFile, now)
	if err != nil {
		return nil, err
	}
	if f.certificate.same(certificate) && f.key.same(key) {
		return nil, nil
	}
	f.certificate, f.key = certificate, key
	return f.Pair.read()
}

func (f *files) String() string { return f.CertFile }

// stamp is how a file looked at some time.
type stamp struct {
	info    os.FileInfo
	settled bool // it was not changed just then: if it is from now on, that will be seen
}

// settleTime is by how much two changes differ at the least if they have different times: on FAT, two seconds.
const settleTime = 2 * time.Second

// stampOf looks at the file behind a name. Symbolic links are followed: certbot and Kubernetes change those.
func stampOf(name string, now time.Time) (stamp, error) {
	info, err := os.Stat(name)
	if err != nil {
		return stamp{}, fileError(name, err)
	}
	return stamp{info, now.Sub(info.ModTime()) > settleTime}, nil
}

// same reports whether s and the later o are stamps of the same file with the same content.
func (s stamp) same(o stamp) bool {
	return s.settled && os.SameFile(s.info, o.info) && s.info.Size() == o.info.Size() && s.info.ModTime().Equal(o.info.ModTime())
}
