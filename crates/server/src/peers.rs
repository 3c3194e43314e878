//! How many connections each address has.

use std::collections::HashMap;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::{Arc, Mutex, PoisonError};

/// The open connections, by address.
pub(crate) struct Peers {
    most: usize,
    open: Mutex<HashMap<IpAddr, usize>>,
}

/// One connection among its address's, until dropped.
pub(crate) struct PeerPlace {
    peers: Arc<Peers>,
    address: IpAddr,
}

impl Peers {
    /// So many for each.
    pub(crate) fn new(most: usize) -> Arc<Self> {
        Arc::new(Self { most, open: Mutex::default() })
    }

    /// Takes a place; none when the address has as many as it may.
    pub(crate) fn take(self: &Arc<Self>, address: IpAddr) -> Option<PeerPlace> {
        let address = network(address);
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        let now = open.entry(address).or_default();
        if *now >= self.most {
            return None;
        }
        *now += 1;
        Some(PeerPlace { peers: Arc::clone(self), address })
    }
}

impl Drop for PeerPlace {
    fn drop(&mut self) {
        let mut open = self.peers.open.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(now) = open.get_mut(&self.address) {
            *now -= 1;
            if *now == 0 {
                open.remove(&self.address);
            }
        }
    }
}

/// Whoever has an address of IPv6 has a whole network of them.
fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(v6) => IpAddr::V6(Ipv6Addr::from_bits(v6.to_bits() & !u128::from(u64::MAX))),
        v4 @ IpAddr::V4(_) => v4,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_address_has_places_of_its_own() {
        let peers = Peers::new(2);
        let taken = |text: &str| peers.take(text.parse().unwrap());
        let (first, second) = (taken("10.0.0.1"), taken("::ffff:10.0.0.1"));
        assert!(first.is_some() && second.is_some());
        assert!(taken("10.0.0.1").is_none());
        let (third, fourth) = (taken("2001:db8::1"), taken("2001:db8::2:1"));
        assert!(third.is_some() && fourth.is_some());
        assert!(taken("2001:db8::3").is_none() && taken("2001:db8:0:1::3").is_some());
        drop((first, second));
        assert!(taken("10.0.0.1").is_some());
        drop((third, fourth));
        assert!(peers.open.lock().unwrap().is_empty());
    }
}
