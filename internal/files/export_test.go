package files

import "fmt"

// FollowInterval is how often a Root looks whether its name still means the same directory.
const FollowInterval = followInterval

// MaxOpen is how many files a Cache keeps open at most.
const MaxOpen = maxOpen

// OpenTreePortably is OpenTree by an os.Root, as OpenTree itself does it where there is no openat2.
func OpenTreePortably(dir string, o Options) (*Tree, error) {
	in, err := openPortable(dir)
	if err != nil {
		return nil, err
	}
	return &Tree{options: o, fsys: hold(in, o.Cache)}, nil
}

// Kept returns how many files are in memory, and what is wrong with how they are accounted for.
func (c *Cache) Kept() (n int, err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	var used int64
	open := 0
	for i, one := range c.ring {
		used += one.file.cost()
		if c.files[one.key] != one {
			return 0, fmt.Errorf("number %d of the ring, %q, is not found by its key", i, one.key.name)
		}
		if _, ok := one.file.content.(*shared); ok {
			open++
		} else if one.file.name != one.key.name || int64(len(one.file.data)) != one.file.Size {
			return 0, fmt.Errorf("%q is kept as %q, %d of %d octets", one.file.name, one.key.name, len(one.file.data), one.file.Size)
		}
	}
	if len(c.ring) != len(c.files) || used != c.used || used > max(c.limit, 0) || open != c.shared {
		return 0, fmt.Errorf("%d files in the ring, %d by key, cost %d, account %d, limit %d; %d open, account %d",
			len(c.ring), len(c.files), used, c.used, c.limit, open, c.shared)
	}
	return len(c.ring) - open, nil
}
